using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDav.Operations;
using WebDav.Protocol;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>Nothing is done twice because a client was impatient.</summary>
public sealed class JoinTests
{
    public static TheoryData<string> Methods => OperationServer.Methods;

    public static TheoryData<string, string, string[]> Touches
    {
        get
        {
            string note = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><n xmlns='urn:test'>x</n></D:prop></D:set></D:propertyupdate>";
            string locked = "<lockinfo xmlns='DAV:'><lockscope><shared/></lockscope><locktype><write/></locktype></lockinfo>";
            return new()
            {
                { "PUT", "/b/new", ["", "text"] },
                { "PUT", "/a/f", ["", "text"] },
                { "PROPPATCH", "/b", ["", note] },
                { "PROPPATCH", "/a/d/g", ["", note] },
                { "MKCOL", "/b/new", [""] },
                { "MKCOL", "/a/d/new", [""] },
                { "DELETE", "/b", [""] },
                { "DELETE", "/a/f", [""] },
                { "MOVE", "/b/f", ["Destination: /elsewhere"] },
                { "MOVE", "/z", ["Destination: /b/z"] },
                { "COPY", "/z", ["Destination: /a/z"] },
                { "LOCK", "/b", ["Depth: 0", locked] },
                { "LOCK", "/a", ["Depth: infinity", locked] },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_retry_joins_what_is_running(string method)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt(method);

        await using RawConnection first = await server.SendAsync(method);
        await stall.ReachedAsync();
        await using RawConnection second = await server.SendAsync(method);
        await server.WaitForLogAsync("joins the operation");
        stall.Release();
        RawResponse[] answers = [await first.ReadAsync(), await second.ReadAsync()];

        Assert.All(answers, answer => Assert.Equal(OperationServer.StatusOf(method), answer.Status));
        Assert.Equal(answers[0].Text, answers[1].Text);
        Assert.Equal(answers[0]["Lock-Token"], answers[1]["Lock-Token"]);
        Assert.Equal(method == "LOCK", answers[0]["Lock-Token"] is not null);
        Assert.Equal(1, server.Done(method));
        await server.WaitUntilForgottenAsync();
    }

    [Fact]
    public async Task Two_that_come_at_the_same_instant_are_one()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        for (int round = 1; round <= 30; round++)
        {
            string destination = $"Destination: /c{round}";
            await using RawConnection first = await server.SendAsync("OPTIONS");
            await using RawConnection second = await server.SendAsync("OPTIONS");
            Assert.Equal((200, 200), ((await first.ReadAsync()).Status, (await second.ReadAsync()).Status));

            // Held at its end until both have come: only that they are one is to be seen here, not who is quick.
            Stall stall = server.Store.Stall(StoreCall.StagedPublish, $"/c{round}");
            await Task.WhenAll(first.SendRequestAsync("COPY", "/a", [destination]), second.SendRequestAsync("COPY", "/a", [destination]));
            await stall.ReachedAsync();
            await OperationServer.WaitAsync(() => server.Registry.All.Sum(operation => operation.Waiters) == 2);
            stall.Release();

            Assert.Equal((201, 201), ((await first.ReadAsync()).Status, (await second.ReadAsync()).Status));
            Assert.Equal(round, server.Store.Count(StoreCall.StagedPublish));
        }
    }

    [Theory]
    [InlineData("Test-User: bob")]
    [InlineData("Test-User: alice", "Overwrite: F")]
    [InlineData("Test-User: alice", "Depth: 0")]
    public async Task Another_request_does_not_join(params string[] fields)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");
        await using RawConnection first = await server.SendAsync("COPY", "Test-User: alice");
        await stall.ReachedAsync();

        await using RawConnection other = await server.SendAsync("COPY", fields);
        await server.Time.WaitForTimerAsync(WriteLeases.Patience);
        server.Time.Advance(WriteLeases.Patience);
        RawResponse answer = await other.ReadAsync();
        stall.Release();

        Assert.Equal(423, answer.Status); // the destination is being written
        Assert.Equal(201, (await first.ReadAsync()).Status);
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Text.Contains("joins the operation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_copy_to_elsewhere_is_one_of_its_own()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.Store.Stall(StoreCall.StagedPublish, "/b");
        await using RawConnection first = await server.SendAsync("COPY");
        await stall.ReachedAsync();

        Assert.Equal(201, (await server.AskAsync("COPY", "Destination: /c")).Status);

        stall.Release();
        Assert.Equal(201, (await first.ReadAsync()).Status);
        Assert.Equal(2, server.Store.Count(StoreCall.StagedPublish));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_client_that_is_killed_and_sends_again_joins(string method)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = await server.SendAndGoAsync(method);

        await using RawConnection again = await server.SendAsync(method);
        await server.WaitForLogAsync("joins the operation");
        stall.Release();

        Assert.Equal(OperationServer.StatusOf(method), (await again.ReadAsync()).Status);
        Assert.Equal(1, server.Done(method));
        await server.WaitUntilForgottenAsync();
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_ended_after_its_client_had_gone_is_told_to_the_same_request_once(string method)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        (await server.SendAndGoAsync(method)).Release();
        await server.WaitForEndAsync();

        server.Time.Advance(OperationRegistry.Memory - TimeSpan.FromSeconds(1));
        RawResponse told = await server.AskAsync(method);
        int done = server.Done(method);
        int again = (await server.AskAsync(method, method == "LOCK" ? "Timeout: Second-100" : "X: y")).Status;

        Assert.Equal(OperationServer.StatusOf(method), told.Status);
        Assert.Equal(method == "LOCK", told["Lock-Token"] is not null);
        Assert.Equal(1, done);
        Assert.Equal(method switch { "COPY" => 204, "LOCK" => 423, _ => 404 }, again); // as of a request that was never made before
    }

    [Fact]
    public async Task It_is_forgotten_after_its_time()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        (await server.SendAndGoAsync("COPY")).Release();
        await server.WaitForEndAsync();

        server.Time.Advance(OperationRegistry.Memory);

        Assert.Equal(204, (await server.AskAsync("COPY")).Status);
        Assert.Equal(2, server.Done("COPY"));
    }

    [Fact]
    public async Task What_a_client_was_told_is_never_told_from_memory()
    {
        await using OperationServer server = await OperationServer.StartAsync();

        Assert.Equal(201, (await server.AskAsync("COPY")).Status);
        await server.Server.Log.WaitForRequestsAsync();
        await server.WaitUntilForgottenAsync();

        Assert.Equal(204, (await server.AskAsync("COPY")).Status);
        Assert.Equal(2, server.Done("COPY"));
    }

    [Fact]
    public async Task A_failure_is_remembered_too()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        server.Store.Fail(StoreCall.StagedCopyFile, "/a/d/g", WebDav.Storage.StoreFault.Denied, times: 1);
        (await server.SendAndGoAsync("COPY")).Release();
        await server.WaitForEndAsync();

        MultiStatus told = MultiStatus.Of(await server.AskAsync("COPY"));

        Assert.Equal(403, told.Status("/a/d/g"));
        Assert.Equal(1, server.Done("COPY"));
    }

    [Theory]
    [MemberData(nameof(Touches))]
    public async Task What_was_touched_since_is_not_told_from_memory(string method, string target, string[] fieldAndBody)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        (await server.SendAndGoAsync("COPY")).Release();
        await server.WaitForEndAsync();
        string[] header = fieldAndBody[0].Length > 0 ? [fieldAndBody[0]] : [];

        Assert.InRange(await server.Server.StatusAsync(method, target, header, fieldAndBody.ElementAtOrDefault(1)), 200, 299);

        await server.WaitUntilForgottenAsync();
        await server.AskAsync("COPY");
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Text.Contains("gets the end", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PUT", "/z")]
    [InlineData("GET", "/b/f")]
    [InlineData("PROPFIND", "/a")]
    [InlineData("COPY", "/a")]
    [InlineData("PUT", "/new")]
    public async Task Reading_and_what_lies_apart_touch_nothing(string method, string target)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        (await server.SendAndGoAsync("COPY")).Release();
        await server.WaitForEndAsync();

        Assert.InRange(await server.Server.StatusAsync(method, target, ["Destination: /elsewhere"], method == "PUT" ? "text" : null), 200, 299);

        Assert.Equal(201, (await server.AskAsync("COPY")).Status);
        await server.WaitForLogAsync("gets the end");
    }

    [Fact]
    public async Task Who_waits_for_the_end_to_write_there_touches_it_though_the_end_was_not_yet_told()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        server.Tree.AddFile("b/f", "old");
        Stall stall = await server.SendAndGoAsync("COPY");

        await using RawConnection writer = await server.Server.ConnectAsync();
        await writer.SendRequestAsync(
            "PROPPATCH", "/b/f", body: "<propertyupdate xmlns='DAV:'><set><prop><n xmlns='urn:test'>x</n></prop></set></propertyupdate>");
        await server.Time.WaitForTimerAsync(WriteLeases.Patience);
        stall.Release();
        Assert.Equal(207, (await writer.ReadAsync()).Status);
        await server.WaitForEndAsync();

        Assert.Equal(204, (await server.AskAsync("COPY")).Status);
        Assert.Equal(2, server.Done("COPY"));
    }

    [Fact]
    public async Task A_lock_that_has_ended_is_not_given_from_memory()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        (await server.SendAndGoAsync("LOCK", "Timeout: Second-60")).Release();
        await server.WaitForEndAsync();
        LockTable locks = server.Server.Services.GetRequiredService<LockTable>();
        LockToken first = Assert.Single(locks.Covering(DavPath.Of("a"))).Token;

        server.Time.Advance(TimeSpan.FromSeconds(61));
        RawResponse second = await server.AskAsync("LOCK");

        Assert.Equal(200, second.Status);
        Assert.NotEqual(first.ToString(), second["Lock-Token"]);
    }

    [Fact]
    public async Task A_lock_that_was_released_is_not_given_from_memory()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        (await server.SendAndGoAsync("LOCK")).Release();
        await server.WaitForEndAsync();
        LockToken first = Assert.Single(server.Server.Services.GetRequiredService<LockTable>().Covering(DavPath.Of("a"))).Token;

        Assert.Equal(204, await server.Server.StatusAsync("UNLOCK", "/a", [$"Lock-Token: {first}"]));
        RawResponse second = await server.AskAsync("LOCK");

        Assert.Equal(200, second.Status);
        Assert.NotEqual(first.ToString(), second["Lock-Token"]);
    }

    [Fact]
    public async Task A_lock_that_was_refused_for_one_that_is_released_since_is_asked_for_anew()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        RawResponse member = await server.Server.AskAsync(
            "LOCK", "/a/d/g", ["Test-User: bob", "Depth: 0"], "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>");
        (await server.SendAndGoAsync("LOCK")).Release();
        await server.WaitForEndAsync();

        Assert.Equal(204, await server.Server.StatusAsync("UNLOCK", "/a/d/g", ["Test-User: bob", $"Lock-Token: {member["Lock-Token"]}"]));

        Assert.Equal(200, (await server.AskAsync("LOCK")).Status);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task OnDisconnect_Cancel_ends_it_and_a_retry_begins_anew(string method)
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Operations:OnDisconnect"] = "Cancel" });
        IReadOnlyList<string> before = server.Tree.List();
        Stall stall = await server.SendAndGoAsync(method);
        await server.WaitForEndAsync();

        await server.WaitUntilForgottenAsync();
        if (method == "DELETE")
        {
            // One is being removed; that of the other collection may have gone meanwhile.
            Assert.Subset(before.ToHashSet(), server.Tree.List().ToHashSet());
            Assert.Contains(server.Tree.List("a"), left => left.Contains('='));
        }
        else
        {
            Assert.Equal(before, server.Tree.List());
        }

        Assert.Empty(server.Staging);
        stall.Release();
        Assert.Equal(OperationServer.StatusOf(method), (await server.AskAsync(method)).Status);
    }

    [Fact]
    public async Task OnDisconnect_Cancel_waits_for_the_last_client()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Operations:OnDisconnect"] = "Cancel" });
        Stall stall = server.StallAt("COPY");
        await using RawConnection stays = await server.SendAsync("COPY");
        await stall.ReachedAsync();
        await using (await server.SendAsync("COPY"))
        {
            await server.WaitForLogAsync("joins the operation");
        }

        await server.Server.Log.WaitForRequestsAsync();
        stall.Release();

        Assert.Equal(201, (await stays.ReadAsync()).Status);
    }

    [Fact]
    public async Task OnDisconnect_Cancel_spares_what_somebody_was_given_the_address_of()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Operations:OnDisconnect"] = "Cancel" });
        Stall stall = server.StallAt("COPY");
        RawResponse accepted = await server.AskAsync("COPY", "Prefer: respond-async");
        await server.Server.Log.WaitForRequestsAsync();
        stall.Release();

        Assert.Equal(202, accepted.Status);
        Assert.Equal("succeeded", (await server.EndOfAsync(accepted["Location"]!)).GetProperty("state").GetString());
    }
}
