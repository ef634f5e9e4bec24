using System.Text.Json;
using WebDav.Operations;
using WebDav.Progress;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>Operations that are cancelled, paused and resumed by their users.</summary>
public sealed class ControlTests
{
    private const string Async = "Prefer: respond-async";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_copy_leaves_the_destination_as_it_was_and_nothing_behind(bool exists)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        if (exists)
        {
            server.Tree.AddFile("b/old", "old");
        }

        IReadOnlyList<string> before = server.Tree.List();
        Stall half = server.Store.Stall(StoreCall.StagedCopyFile, path: null, nth: 2);
        await using RawConnection waiting = await server.SendAsync("COPY");
        await half.ReachedAsync();
        string page = Assert.Single(await server.ListedAsync());

        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page));
        RawResponse answer = await waiting.ReadAsync();

        Assert.Equal((503, "the operation was cancelled; the destination is as it was\n"), (answer.Status, answer.Text));
        Assert.Equal(before, server.Tree.List());
        Assert.Empty(server.Staging);
        await server.WaitUntilForgottenAsync();
        half.Release();
        Assert.Equal(exists ? 204 : 201, (await server.AskAsync("COPY")).Status); // nothing holds it any more, and nothing is remembered
    }

    [Fact]
    public async Task A_cancelled_delete_says_that_what_is_gone_is_gone()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall half = server.Store.Stall(StoreCall.Remove, path: null, nth: 2);
        string page = (await server.AskAsync("DELETE", Async))["Location"]!;
        await half.ReachedAsync();
        await OperationServer.WaitAsync(() => server.Tree.List("a").Count == 2); // of three: what is removed beside it is gone

        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page));
        JsonElement end = await server.EndOfAsync(page);

        Assert.Equal(("cancelled", 503), (end.GetProperty("state").GetString(), end.GetProperty("status").GetInt32()));
        Assert.Equal("the operation was cancelled; what had been removed by then is gone", end.GetProperty("reason").GetString());
        Assert.Equal(1, end.GetProperty("progress").GetProperty("items").GetInt32());
        Assert.Equal(2, server.Tree.List("a").Count);
    }

    [Fact]
    public async Task A_move_cancelled_before_it_is_made_leaves_everything_as_it_was()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        IReadOnlyList<string> before = server.Tree.List();
        server.StallAt("MOVE");
        string page = (await server.AskAsync("MOVE", Async))["Location"]!;

        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page));
        JsonElement end = await server.EndOfAsync(page);

        Assert.Equal(("cancelled", "the operation was cancelled; source and destination are as they were"), (end.GetProperty("state").GetString(), end.GetProperty("reason").GetString()));
        Assert.Equal(before, server.Tree.List());
    }

    [Fact]
    public async Task A_move_between_file_systems_that_is_cancelled_when_its_copy_is_published_is_done()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        IReadOnlyList<string> source = server.Tree.List("a");
        server.Store.Fail(StoreCall.Rename, "/a", StoreFault.CrossDevice);
        Stall late = server.Store.Stall(StoreCall.Remove, "/a/f");
        string page = (await server.AskAsync("MOVE", Async))["Location"]!;
        await late.ReachedAsync();

        server.Registry.All.Single().Pause();
        late.Release();
        await OperationServer.WaitAsync(async () => (await server.PageAsync(page)).GetProperty("progress").GetProperty("items").GetInt32() > 4);
        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page));
        JsonElement end = await server.EndOfAsync(page);

        Assert.Equal(("succeeded", 201), (end.GetProperty("state").GetString(), end.GetProperty("status").GetInt32()));
        Assert.False(server.Tree.Has("a"));
        Assert.Equal(source, server.Tree.List("b"));
    }

    [Fact]
    public async Task A_copy_that_is_cancelled_while_it_clears_away_what_it_replaced_is_done()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        server.Tree.AddFile("b/1");
        server.Tree.AddFile("b/2");
        Stall late = server.Store.Stall(StoreCall.DisplacedRemove);
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        await late.ReachedAsync();

        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page));
        late.Release();
        JsonElement end = await server.EndOfAsync(page);

        Assert.Equal(("succeeded", 204), (end.GetProperty("state").GetString(), end.GetProperty("status").GetInt32()));
        Assert.Equal(server.Tree.List("a"), server.Tree.List("b"));
    }

    [Fact]
    public async Task A_cancelled_lock_locks_nothing()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        server.StallAt("LOCK");
        string page = (await server.AskAsync("LOCK", Async))["Location"]!;

        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page));
        JsonElement end = await server.EndOfAsync(page);

        Assert.Equal("cancelled", end.GetProperty("state").GetString());
        Assert.Equal(204, await server.Server.StatusAsync("PUT", "/a/f", body: "free"));
    }

    [Fact]
    public async Task What_has_ended_cannot_be_cancelled()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        await server.EndOfAsync(page);

        Assert.Equal(409, await server.Server.StatusAsync("DELETE", page));
        Assert.Equal("succeeded", (await server.PageAsync(page)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Who_may_only_read_cannot_cancel()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("PROPFIND");
        await using RawConnection connection = await server.SendAsync("PROPFIND", "Test-User: reader", "Depth: infinity");
        await stall.ReachedAsync();
        string page = Assert.Single(await server.ListedAsync("Test-User: reader"));

        Assert.Equal(403, await server.Server.StatusAsync("DELETE", page, ["Test-User: reader"]));
        stall.Release();

        Assert.Equal(207, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task A_paused_delete_removes_nothing_more_until_it_is_resumed()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        string[] members = [.. Enumerable.Range(0, 20).SelectMany(n => new[] { $"a/one/{n}", $"a/two/{n}" })];
        Array.ForEach(members, path => server.Tree.AddFile(path, "x"));
        Directory.Delete(server.Tree.At("a/d"), recursive: true);
        File.Delete(server.Tree.At("a/f"));
        Stall one = server.Store.Stall(StoreCall.Remove, "/a/one/10");
        Stall two = server.Store.Stall(StoreCall.Remove, "/a/two/10");
        await using RawConnection waiting = await server.SendAsync("DELETE");
        await one.ReachedAsync(); // They are beside each other.
        await two.ReachedAsync();
        Operation operation = Assert.Single(server.Registry.All);

        operation.Pause();
        int begun = server.Store.Count(StoreCall.Remove);
        one.Release();
        two.Release();
        await OperationServer.WaitAsync(() => !server.Tree.Has("a/one/10") && !server.Tree.Has("a/two/10"));
        await Task.Delay(50);
        Assert.Equal(
            (begun, "paused"),
            (server.Store.Count(StoreCall.Remove), (await server.PageAsync((await server.ListedAsync())[0])).GetProperty("state").GetString()));
        operation.Resume();

        Assert.Equal(204, (await waiting.ReadAsync()).Status);
        Assert.False(server.Tree.Has("a"));
    }

    [Fact]
    public async Task A_deep_propfind_says_how_far_it_is_to_those_who_ask_for_it()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["WebDav:PropFindAnswer"] = "Held" });
        Stall stall = server.Store.Stall(StoreCall.ListNext, "/a", nth: 2);
        await using RawConnection connection = await server.SendAsync("PROPFIND", "Depth: infinity", "Prefer: processing");
        await stall.ReachedAsync();
        await server.Inner.AdvanceAsync(TimeSpan.FromSeconds(10));
        RawResponse interim = await connection.ReadAsync();
        string page = Assert.Single(await server.ListedAsync());
        stall.Release();

        Assert.Equal((102, page), (interim.Status, interim["Location"]));
        Assert.Matches("^[34]$", interim["Progress"]);
        Assert.Equal(207, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task A_deep_propfind_that_is_cancelled_before_its_answer_begins_is_refused()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["WebDav:PropFindAnswer"] = "Held" });
        Stall stall = server.StallAt("PROPFIND");
        await using RawConnection connection = await server.SendAsync("PROPFIND", "Depth: infinity");
        await stall.ReachedAsync();

        Assert.Equal(204, await server.Server.StatusAsync("DELETE", Assert.Single(await server.ListedAsync())));

        RawResponse answer = await connection.ReadAsync();
        Assert.Equal((503, "the operation was cancelled\n"), (answer.Status, answer.Text));
        await OperationServer.WaitAsync(() => server.Registry.All.Count == 0);
    }

    [Fact]
    public async Task A_deep_propfind_that_is_cancelled_in_its_answer_never_looks_whole()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        for (int i = 0; i < 200; i++)
        {
            server.Tree.AddFile($"a/{i}");
        }

        Stall stall = server.Store.Stall(StoreCall.ListNext, "/a", nth: 150);
        using HttpRequestMessage request = new(new HttpMethod("PROPFIND"), new Uri(server.Server.Address, "/a")) { Headers = { { "Depth", "infinity" } } };
        using HttpResponseMessage response = await server.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await stall.ReachedAsync();
        string page = Assert.Single(await server.ListedAsync());
        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page));

        Assert.Equal(207, (int)response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync().WaitAsync(RawConnection.Patience));
        await OperationServer.WaitAsync(() => server.Registry.All.Count == 0);
        await OperationServer.WaitAsync(() => server.Server.Log.Requests.Any(line => line.Text.StartsWith("PROPFIND", StringComparison.Ordinal)));
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task A_paused_propfind_goes_on_when_it_is_resumed_and_ends_with_its_client()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        foreach (bool resumed in (bool[])[true, false])
        {
            int requests = server.Server.Log.Requests.Count;
            Stall stall = server.StallAt("PROPFIND");
            await using (RawConnection connection = await server.SendAsync("PROPFIND", "Depth: infinity"))
            {
                await stall.ReachedAsync();
                Operation operation = Assert.Single(server.Registry.All);
                ProgressSnapshot before = operation.Progress.Snapshot;
                operation.Pause();
                stall.Release();
                await OperationServer.WaitAsync(() => operation.Progress.Snapshot.Items == before.Items + 1);
                Assert.Equal(OperationState.Paused, operation.State);
                if (resumed)
                {
                    operation.Resume();
                    Assert.Equal(207, (await connection.ReadAsync()).Status);
                }
            }

            await server.Server.Log.WaitForRequestsAsync(requests + 1);
            await server.WaitUntilForgottenAsync();
            Assert.Equal(0, server.Store.OpenListings);
        }
    }

    [Theory]
    [InlineData("Depth: 0", "/a")]
    [InlineData("Depth: 1", "/a")]
    [InlineData("Depth: infinity", "/z")]
    public async Task A_shallow_propfind_is_none(string depth, string target)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = depth == "Depth: 1" ? server.StallAt("PROPFIND") : server.Store.Stall(StoreCall.Find, target);
        await using RawConnection connection = await server.Server.ConnectAsync();
        await connection.SendRequestAsync("PROPFIND", target, [depth]);
        await stall.ReachedAsync();

        await server.WaitUntilForgottenAsync();
        stall.Release();

        Assert.Equal(207, (await connection.ReadAsync()).Status);
        await server.WaitUntilForgottenAsync();
    }
}
