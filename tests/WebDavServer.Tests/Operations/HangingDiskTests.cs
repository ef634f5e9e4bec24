using Microsoft.Extensions.DependencyInjection;
using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>A disk that hangs holds the workers of tree operations, and nobody else.</summary>
public sealed class HangingDiskTests
{
    private const string LockBody = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";

    private static readonly string[] WithInterim = ["Connection: keep-alive, 102-Processing"];

    [Fact]
    public async Task What_waits_for_its_turn_is_kept_alive_and_can_be_stopped_and_small_requests_are_answered()
    {
        using ManualResetEventSlim disk = new();
        TaskCompletionSource hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ServerFixture server = await StartAsync(store => store.On(StoreCall.Remove, "/stuck/f", (_, _) =>
        {
            hangs.TrySetResult();
            Assert.True(disk.Wait(RawConnection.Patience, CancellationToken.None)); // holds its thread, as a call of the system does
            return Task.CompletedTask;
        }));
        await using RawConnection stuck = await server.ConnectAsync();
        await using RawConnection waiting = await server.ConnectAsync();

        await stuck.SendRequestAsync("DELETE", "/stuck", WithInterim);
        await hangs.Task.WaitAsync(RawConnection.Patience);
        await waiting.SendRequestAsync("DELETE", "/other", [.. WithInterim, "Prefer: processing"]);

        RawResponse interim = await waiting.ReadAsync();
        Assert.Equal((102, "0"), (interim.Status, interim["Progress"]));
        Assert.Equal(102, (await stuck.ReadAsync()).Status);
        Assert.Equal(200, await server.StatusAsync("GET", "/file"));
        Assert.Equal(201, await server.StatusAsync("PUT", "/new", body: "text"));
        Assert.Equal(207, await server.StatusAsync("PROPFIND", "/", ["Depth: 1"]));
        Assert.Equal(200, await server.StatusAsync("LOCK", "/file", body: LockBody));
        Assert.Equal(204, await server.StatusAsync("DELETE", new Uri(server.Address, interim["Location"]).AbsolutePath));
        Assert.Equal(503, (await waiting.ReadFinalAsync()).Final.Status);
        Assert.True(File.Exists(server.Tree.At("other/f")));

        disk.Set();
        Assert.Equal(204, (await stuck.ReadFinalAsync()).Final.Status);
        Assert.False(Directory.Exists(server.Tree.At("stuck")));
    }

    [Fact]
    public async Task A_deep_PROPFIND_whose_client_reads_nothing_holds_no_worker()
    {
        await using ServerFixture server = await StartAsync(_ => { }, large: true);
        await using RawConnection slow = await server.ConnectAsync();
        await slow.SendRequestAsync("PROPFIND", "/", ["Depth: infinity"]);
        Assert.Equal("HTTP/1.1 207 Multi-Status", await slow.ReadStatusLineAsync());

        // Megabytes are left that nobody reads, so the walk stands still. There is one worker.
        Assert.Equal(204, await server.StatusAsync("DELETE", "/other"));
    }

    // A server with one worker.
    private static Task<ServerFixture> StartAsync(Action<FaultyStore> faults, bool large = false)
    {
        TempTree tree = new();
        tree.AddFile("stuck/f", "content");
        tree.AddFile("other/f", "content");
        tree.AddFile("file", "content");
        return ServerFixture.StartAsync(
            new Dictionary<string, string?> { ["KeepAlive:FirstAfter"] = "00:00:00.05", ["KeepAlive:Interval"] = "00:00:01" },
            services: services =>
            {
                Func<IServiceProvider, object> files = services.Last(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
                services.AddSingleton(new Workers(TimeProvider.System, count: 1));
                services.AddSingleton<IStore>(provider =>
                {
                    FaultyStore store = new(large ? new LargeTree((IStore)files(provider)) : (IStore)files(provider));
                    faults(store);
                    return store;
                });
            },
            tree: tree);
    }

    // The root lists a great many members more than there are.
    private sealed class LargeTree(IStore store) : StoreWrapper(store)
    {
        private readonly SyntheticStore _made = new(collections: 1000, files: 1000);

        public override IAsyncEnumerable<Entry> ListAsync(DavPath collection, CancellationToken cancellation) =>
            collection == DavPath.Of("other") ? base.ListAsync(collection, cancellation) : _made.ListAsync(collection, cancellation);
    }
}
