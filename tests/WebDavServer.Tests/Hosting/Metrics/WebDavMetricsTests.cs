using Microsoft.Extensions.DependencyInjection;
using WebDav.Protocol;
using WebDav.State;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Metrics;

public sealed class WebDavMetricsTests
{
    [Fact]
    public async Task Requests_are_counted_by_method_and_status_and_bytes_by_direction()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Counted counted = new(server);

        await server.StatusAsync("PUT", "/file", body: "hello");
        await server.StatusAsync("GET", "/file");
        await server.StatusAsync("GET", "/file", ["Range: bytes=0-1"]);
        await server.StatusAsync("GET", "/nothing");
        await server.StatusAsync("MADE-UP", "/file");

        await counted.IsAsync(1, "webdav.requests http.request.method=PUT http.response.status_code=201");
        await counted.IsAsync(1, "webdav.requests http.request.method=GET http.response.status_code=200");
        await counted.IsAsync(1, "webdav.requests http.request.method=GET http.response.status_code=206");
        await counted.IsAsync(1, "webdav.requests http.request.method=GET http.response.status_code=404");
        await counted.IsAsync(1, "webdav.requests http.request.method=_OTHER http.response.status_code=501");
        await counted.IsAsync(5, "webdav.io network.io.direction=receive");
        await counted.IsAsync(7, "webdav.io network.io.direction=transmit");
    }

    [Fact]
    public async Task Locks_are_counted_while_they_last()
    {
        await using FaultyServer server = await FaultyServer.StartAsync();
        using Counted counted = new(server.Server);
        string body = "<lockinfo xmlns='DAV:'><lockscope><shared/></lockscope><locktype><write/></locktype></lockinfo>";

        Assert.Equal(201, await server.Server.StatusAsync("LOCK", "/file", ["Timeout: Second-60"], body));
        Assert.Equal(200, await server.Server.StatusAsync("LOCK", "/file", ["Timeout: Second-90"], body));

        Assert.Equal(2, counted["webdav.locks.active"]);
        server.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1, counted["webdav.locks.active"]);
    }

    [Fact]
    public async Task An_operation_is_counted_while_it_runs_and_so_are_those_who_wait_and_what_they_were_sent()
    {
        TempTree tree = new();
        tree.AddFile("a/f", "content");
        await using FaultyServer server = await FaultyServer.StartAsync(new Dictionary<string, string?> { ["KeepAlive:Mode"] = "Always" }, tree: tree);
        using Counted counted = new(server.Server);
        Stall stall = server.Store.Stall(StoreCall.StagedCopyFile);
        await using RawConnection copying = await server.Server.ConnectAsync();
        await copying.SendRequestAsync("COPY", "/a", ["Destination: /b"]);
        await stall.ReachedAsync();

        Assert.Equal((1, 0), (counted["webdav.operations.running"], counted["webdav.leases.waiting"]));
        await server.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(102, (await copying.ReadAsync()).Status);
        Task<int> writing = server.Server.StatusAsync("MKCOL", "/b");
        await counted.IsAsync(1, "webdav.leases.waiting");

        stall.Release();
        Assert.Equal(201, (await copying.ReadFinalAsync()).Final.Status);
        Assert.Equal(405, await writing);
        await counted.IsAsync(0, "webdav.operations.running");
        await counted.IsAsync(0, "webdav.leases.waiting");
        await counted.IsAsync(1, "webdav.interim_responses");
    }

    [Fact]
    public async Task Writes_that_wait_for_the_database_are_counted()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Counted counted = new(server);
        StateDatabase state = server.Services.GetRequiredService<StateDatabase>();
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim free = new();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task first = Task.Run(
            () => state.WriteAsync(
                DavPath.Root,
                _ =>
                {
                    begun.Set();
                    Assert.True(free.Wait(RawConnection.Patience));
                },
                cancellation).AsTask(),
            cancellation);
        Assert.True(begun.Wait(RawConnection.Patience, cancellation));
        Task rest = Task.WhenAll(state.ProbeAsync().AsTask(), state.ProbeAsync().AsTask());

        Assert.Equal(2, counted["webdav.state.queue"]);
        free.Set();
        await first;
        await rest;
        Assert.Equal(0, counted["webdav.state.queue"]);
    }
}
