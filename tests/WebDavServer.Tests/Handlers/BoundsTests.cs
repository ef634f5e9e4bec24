using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Access;
using WebDav.Handlers;
using WebDavServer.Hosting;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Handlers.Requests;

namespace WebDavServer.Tests.Handlers;

/// <summary>How many locks and dead properties there may be, and how large.</summary>
public sealed class BoundsTests
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Fact]
    public async Task A_user_has_only_so_many_locks()
    {
        await using ServerFixture server = await StartAsync(new() { ["Locks:MaximumPerUser"] = "2" });

        Assert.Equal(201, (await LockAsync(server, "/a")).Status);
        string token = (await LockAsync(server, "/a"))["Lock-Token"]!;
        RawResponse refused = await LockAsync(server, "/b");
        Assert.Equal(507, refused.Status);
        Assert.Contains("Locks:MaximumPerUser", refused.Text, StringComparison.Ordinal);
        Assert.False(server.Tree.Has("b")); // refused before anything is made
        Assert.Equal(201, (await LockAsync(server, "/c", user: "anna")).Status);

        Assert.Equal(204, (await server.RequestAsync("UNLOCK", "/a", null, $"Lock-Token: {token}")).Status);
        Assert.Equal(201, (await LockAsync(server, "/b")).Status);
    }

    [Fact]
    public async Task There_are_only_so_many_locks_in_all()
    {
        await using ServerFixture server = await StartAsync(new() { ["Locks:Maximum"] = "2" });

        Assert.Equal(201, (await LockAsync(server, "/a")).Status);
        Assert.Equal(201, (await LockAsync(server, "/b", user: "anna")).Status);
        RawResponse refused = await LockAsync(server, "/c", user: "bert");
        Assert.Equal(503, refused.Status);
        Assert.Contains("Locks:Maximum)", refused.Text, StringComparison.Ordinal);
        Assert.False(server.Tree.Has("c"));
    }

    [Fact]
    public async Task Locks_that_have_ended_take_no_room()
    {
        ManualTime time = new();
        await using ServerFixture server = await StartAsync(new() { ["Locks:MaximumPerUser"] = "1" }, time);

        Assert.Equal(201, (await LockAsync(server, "/a")).Status);
        Assert.Equal(507, (await LockAsync(server, "/b")).Status);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(201, (await LockAsync(server, "/b")).Status);
    }

    [Fact]
    public async Task What_is_refused_for_another_reason_takes_no_room()
    {
        await using ServerFixture server = await StartAsync(new() { ["Locks:MaximumPerUser"] = "1" });

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(409, (await LockAsync(server, "/none/a")).Status);
        }

        Assert.Equal(201, (await LockAsync(server, "/a")).Status);
    }

    [Fact]
    public async Task Of_many_at_once_just_as_many_are_granted_as_may_be()
    {
        await using ServerFixture server = await StartAsync(new() { ["Locks:MaximumPerUser"] = "10" });

        RawResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => LockAsync(server, $"/{i}")));

        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.Equal(20, answers.Count(answer => answer.Status == 507));
        Assert.Equal(10, server.Members().Count);
    }

    [Fact]
    public async Task Locks_of_the_last_run_count_too()
    {
        TempTree tree = new();
        await using (ServerFixture first = await StartAsync(new() { ["WebDav:StateDirectory"] = tree.At(".webdav") }))
        {
            Assert.Equal(201, (await LockAsync(first, "/a")).Status);
            foreach (string file in Directory.GetFiles(first.Tree.Root))
            {
                File.Copy(file, tree.At(Path.GetFileName(file)));
            }
        }

        await using ServerFixture second = await StartAsync(new() { ["Locks:MaximumPerUser"] = "1" }, tree: tree);
        Assert.Equal(507, (await LockAsync(second, "/b")).Status);
    }

    [Fact] // RFC 4918 9.2.1
    public async Task A_property_that_is_too_large_keeps_all_from_being_stored()
    {
        await using ServerFixture server = await StartAsync(new() { ["Properties:MaximumSize"] = "200" });
        server.Tree.AddFile("file");

        RawResponse refused = await server.SetAsync("/file", $"<t:small>1</t:small><t:large>{new string('ä', 100)}</t:large>");

        Assert.Equal(507, refused.Statuses()[Test + "large"]);
        Assert.Equal(424, refused.Statuses()[Test + "small"]);
        Assert.Null(await server.PropertyAsync("/file", Test + "small"));
    }

    [Fact]
    public async Task A_property_may_be_as_large_as_is_said()
    {
        await using ServerFixture server = await StartAsync([]);
        server.Tree.AddFile("file");

        Assert.Equal(200, (await server.SetAsync("/file", $"<t:a>{new string('x', 65_000)}</t:a>")).Statuses()[Test + "a"]);
        Assert.Equal(507, (await server.SetAsync("/file", $"<t:a>{new string('x', 65_536)}</t:a>")).Statuses()[Test + "a"]);
        Assert.Equal(65_000, (await server.PropertyAsync("/file", Test + "a"))!.Length);
    }

    [Fact]
    public async Task A_resource_has_only_so_many_properties()
    {
        await using ServerFixture server = await StartAsync(new() { ["Properties:MaximumPerResource"] = "3" });
        server.Tree.AddFile("file");
        Assert.Equal(200, (await server.SetAsync("/file", "<t:a/><t:b/>")).Statuses()[Test + "b"]);

        RawResponse refused = await server.SetAsync("/file", "<t:a>new</t:a><t:c/><t:d/>");
        Assert.Equal([424, 424, 507], new[] { "a", "c", "d" }.Select(name => refused.Statuses()[Test + name]));
        Assert.Equal("", await server.PropertyAsync("/file", Test + "a"));

        // One goes and another comes, in either order; and old ones can always be replaced.
        Assert.All((await server.SetAsync("/file", "<t:c/>")).Statuses().Values, status => Assert.Equal(200, status));
        RawResponse changed = await server.ChangeAsync(
            "/file", "<D:set><D:prop><t:d/></D:prop></D:set><D:remove><D:prop><t:a/></D:prop></D:remove><D:set><D:prop><t:b>2</t:b></D:prop></D:set>");
        Assert.All(changed.Statuses().Values, status => Assert.Equal(200, status));
    }

    [Theory]
    [InlineData("Locks:Maximum", "many")]
    [InlineData("Locks:MaximumPerUser", "-1")]
    [InlineData("Properties:MaximumSize", "64 KB")]
    [InlineData("Properties:MaximumPerResource", "1.5")]
    public void A_bound_that_is_no_number_stops_the_start(string key, string value)
    {
        using TempTree tree = new();
        StartFaultException fault = Assert.Throws<StartFaultException>(() =>
            ServerApplication.Build(ServerSettings.Of([new("WebDav:Root", tree.Root), new(key, value)])));
        Assert.StartsWith($"{key}: ", Assert.Single(fault.Lines), StringComparison.Ordinal);
    }

    private static readonly System.Xml.Linq.XNamespace Test = "urn:test";

    private static Task<ServerFixture> StartAsync(Dictionary<string, string?> settings, ManualTime? time = null, TempTree? tree = null) =>
        ServerFixture.StartAsync(
            settings,
            services: services =>
            {
                if (time is not null)
                {
                    services.AddSingleton<TimeProvider>(time);
                }
            },
            endpoints: app => app.Use((context, next) =>
            {
                if (context.Request.Headers["X-Test-User"] is [{ } name])
                {
                    context.Features.Set(new DavUser(name, UserAccess.Full));
                }

                return next(context);
            }),
            tree: tree);

    private static Task<RawResponse> LockAsync(ServerFixture server, string target, string? user = null) =>
        server.RequestAsync("LOCK", target, LockInfo, ["Depth: 0", "Content-Type: application/xml", .. user is null ? Array.Empty<string>() : [$"X-Test-User: {user}"]]);
}
