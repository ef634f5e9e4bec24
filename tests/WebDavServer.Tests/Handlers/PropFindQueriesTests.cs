using System.Globalization;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.State;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>What a PROPFIND costs the database: a query for each collection that is listed, however many members it has.</summary>
public sealed class PropFindQueriesTests
{
    private const int Files = 10_000;
    private const int LockedFiles = 1_000;
    private static readonly PropertyName Note = new("urn:test", "note");

    [Fact]
    public async Task A_directory_of_ten_thousand_asks_the_database_three_times_at_most()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(services: services =>
            services.AddSingleton<ILockStore>(provider => new CountingLockStore(new StoredLocks(provider.GetRequiredService<StateDatabase>()))));
        await FillAsync(server);
        StoredProperties properties = (StoredProperties)server.Services.GetRequiredService<IDeadProperties>();
        CountingLockStore locks = (CountingLockStore)server.Services.GetRequiredService<ILockStore>();
        (long queries, long calls) = (properties.Queries, locks.Calls);

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/dir/", ["Depth: 1"]));

        Assert.InRange(properties.Queries - queries, 1, 3);
        Assert.Equal(calls, locks.Calls);
        Assert.Equal(Files + 1, found.Hrefs.Count);
        XName note = XName.Get("note", "urn:test");
        Assert.All(Enumerable.Range(0, Files), i => Assert.Equal(Name(i), found.Value("/dir/" + Name(i), note).Value));
        XName discovery = MultiStatus.Dav + "lockdiscovery";
        Assert.Equal(LockedFiles, found.Hrefs.Count(href => found.Value(href, discovery).HasElements));
    }

    private static async Task FillAsync(ServerFixture server)
    {
        server.Tree.AddDirectory("dir");
        IDeadProperties properties = server.Services.GetRequiredService<IDeadProperties>();
        LockTable locks = server.Services.GetRequiredService<LockTable>();
        await Task.WhenAll(Enumerable.Range(0, Files).Select(async i =>
        {
            server.Tree.AddFile("dir/" + Name(i));
            DavPath path = DavPath.FromValue("/dir/" + Name(i));
            DeadProperty value = new(Note, $"<note xmlns=\"urn:test\">{Name(i)}</note>");
            await properties.ApplyAsync(path, [new PropertyChange(Note, value)], CancellationToken.None);
            if (i % (Files / LockedFiles) == 0)
            {
                await locks.GrantAsync(new LockRequest(path, LockScope.Exclusive, Depth.Zero, Owner: null, Principal: null, []), CancellationToken.None);
            }
        }));
    }

    private static string Name(int i) => i.ToString("D5", CultureInfo.InvariantCulture);
}
