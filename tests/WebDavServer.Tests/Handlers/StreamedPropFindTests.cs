using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>The 207 of a PROPFIND that streams (RFC 4918 9.1) is its own keep-alive: where the walk stalls, white space goes on.</summary>
public sealed class StreamedPropFindTests
{
    private const string Body = "<propfind xmlns='DAV:'><prop><resourcetype/></prop></propfind>";

    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("User-Agent: curl/8", false)]
    [InlineData("User-Agent: python-requests/2.28.1", true)]
    [InlineData("User-Agent:", false)]
    [InlineData("X-Forwarded-For: 192.0.2.1", true)]
    public async Task While_the_walk_stalls_what_is_known_leaves_and_then_newlines(string field, bool https)
    {
        await using FaultyServer server = await StartAsync(https: https);
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = server.Store.Stall(StoreCall.ListNext, "/a", nth: 2);

        await connection.SendRequestAsync("PROPFIND", "/a/", [field, "Depth: infinity"], Body);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse head = await connection.ReadAsync(toHead: true);
        StringBuilder text = new(await connection.ReadChunkAsync());
        Assert.EndsWith("</D:response>\n", text.ToString(), StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
        {
            await server.AdvanceToTimerAsync(Interval);
            string white = await connection.ReadChunkAsync();
            Assert.Equal("\n", white);
            text.Append(white);
        }

        stall.Release();
        text.Append(await connection.ReadChunksToEndAsync());

        MultiStatus answer = MultiStatus.Of(head with { Body = Encoding.UTF8.GetBytes(text.ToString()) });
        Assert.Equal(["/a/", "/a/1", "/a/2", "/a/3"], answer.Hrefs.Order(StringComparer.Ordinal));
        Assert.EndsWith(", answer streamed", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        await connection.SendRequestAsync("OPTIONS", "/");
        Assert.Equal(200, (await connection.ReadAsync()).Status);
        Assert.Equal(0, server.Time.Timers);
    }

    [Fact]
    public async Task A_store_that_holds_its_thread_does_not_hold_the_newlines()
    {
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim let = new();
        ManualTime time = new();
        TempTree tree = NewTree();
        await using ServerFixture server = await ServerFixture.StartAsync(
            services: services =>
            {
                Func<IServiceProvider, object> files = services.Last(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
                services.AddSingleton<IStore>(provider =>
                {
                    FaultyStore store = new((IStore)files(provider));
                    store.On(
                        StoreCall.ListNext,
                        "/a",
                        (_, _) =>
                        {
                            held.SetResult();
                            Assert.True(let.Wait(RawConnection.Patience, CancellationToken.None)); // as a system call to a disk that does not answer
                            return Task.CompletedTask;
                        },
                        nth: 2,
                        times: 1);
                    return store;
                });
                services.AddSingleton<TimeProvider>(time);
            },
            tree: tree);
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("PROPFIND", "/a/", ["Depth: 1"], Body);
        await held.Task.WaitAsync(RawConnection.Patience);
        foreach (TimeSpan silence in new[] { FirstAfter, Interval })
        {
            await time.WaitForTimerAsync(silence);
            time.Advance(silence);
            await time.WaitForTimerAsync(Interval);
        }

        let.Set();

        RawResponse response = await connection.ReadAsync();
        Assert.Contains("</D:response>\n\n\n", response.Text, StringComparison.Ordinal);
        Assert.Equal(4, MultiStatus.Of(response).Hrefs.Count);
    }

    [Fact]
    public async Task What_leaves_by_itself_is_no_silence()
    {
        // Members of some hundred bytes fill the buffer several times; the walk stalls once before and once after it has left.
        await using FaultyServer server = await StartAsync(members: 400);
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall first = server.Store.Stall(StoreCall.ListNext, "/a", nth: 2);
        Stall second = server.Store.Stall(StoreCall.ListNext, "/a", nth: 390);

        await connection.SendRequestAsync("PROPFIND", "/a/", ["Depth: 1"], Body);
        await first.ReachedAsync();
        await server.Time.WaitForTimerAsync(FirstAfter);
        server.Time.Advance(TimeSpan.FromSeconds(8));
        first.Release();
        await second.ReachedAsync();
        server.Time.Advance(TimeSpan.FromSeconds(2)); // ten since the beginning, two since something left
        await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(8));
        server.Time.Advance(TimeSpan.FromSeconds(8));
        await server.Time.WaitForTimerAsync(Interval);
        second.Release();

        RawResponse response = await connection.ReadAsync();
        Assert.Equal(1, response.Text.Split("</D:response>\n\n").Length - 1); // every response begins on a line of its own
        Assert.Equal(401, MultiStatus.Of(response).Hrefs.Count);
    }

    [Fact]
    public async Task Who_does_not_wait_sees_none()
    {
        await using FaultyServer server = await StartAsync();

        RawResponse response = await server.Server.AskAsync("PROPFIND", "/a/", ["Depth: 1"], Body);

        Assert.DoesNotContain("\n\n", response.Text, StringComparison.Ordinal);
        Assert.Equal(4, MultiStatus.Of(response).Hrefs.Count);
        Assert.EndsWith(" from 127.0.0.1", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        Assert.Equal(0, server.Time.Timers);
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_walk()
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FaultyServer server = await StartAsync(onAborted: gone.SetResult);
        Stall stall = server.Store.Stall(StoreCall.ListNext, "/a", nth: 2);
        await using (RawConnection connection = await server.Server.ConnectAsync())
        {
            await connection.SendRequestAsync("PROPFIND", "/a/", ["Depth: 1"], Body);
            await stall.ReachedAsync();
            await server.AdvanceToTimerAsync(FirstAfter);
            Assert.Equal(207, (await connection.ReadAsync(toHead: true)).Status);
        }

        await gone.Task.WaitAsync(RawConnection.Patience);

        Assert.Contains("the client went away", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), (server.Store.OpenListings, server.Time.Timers));
    }

    [Fact]
    public async Task Every_document_is_whole_however_often_newlines_come()
    {
        // Each member takes a while, each newline a millisecond: they meet at any place.
        await using FaultyServer server = await StartAsync(
            new(StringComparer.Ordinal) { ["KeepAlive:FirstAfter"] = "00:00:00.001", ["KeepAlive:Interval"] = "00:00:00.001" },
            realTime: true,
            members: 200);
        int seed = 0;
        server.Store.On(StoreCall.ListNext, "/a", (_, cancellation) =>
            Interlocked.Increment(ref seed) % 5 == 0 ? Task.Delay(seed % 3, cancellation) : Task.CompletedTask);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using RawConnection connection = await server.Server.ConnectAsync();
            for (int i = 0; i < 5; i++)
            {
                await connection.SendRequestAsync("PROPFIND", "/a/", ["Depth: 1"]);
                Assert.Equal(201, MultiStatus.Of(await connection.ReadAsync()).Hrefs.Count);
            }
        }));

        Assert.Contains((await server.Server.Log.WaitForRequestsAsync(20)), line => line.Text.EndsWith(", answer streamed", StringComparison.Ordinal));
    }

    private static Task<FaultyServer> StartAsync(
        Dictionary<string, string?>? settings = null, bool https = false, bool realTime = false, Action? onAborted = null, int members = 3) =>
        FaultyServer.StartAsync(settings, https, realTime, NewTree(members), onAborted);

    private static TempTree NewTree(int members = 3)
    {
        TempTree tree = new();
        for (int i = 1; i <= members; i++)
        {
            tree.AddFile($"a/{i}", "content");
        }

        return tree;
    }
}
