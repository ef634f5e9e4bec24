using System.Text.Json;
using WebDav.Operations;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary><c>Prefer: respond-async</c> (RFC 7240 4.1, 4.3).</summary>
public sealed class RespondAsyncTests
{
    private const string Async = "Prefer: respond-async";
    private const string LockBody = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";

    public static TheoryData<string> Methods => OperationServer.Methods;

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Who_would_rather_ask_gets_202_and_the_address(string method)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt(method);

        RawResponse accepted = await server.AskAsync(method, Async);
        JsonElement page = await server.PageAsync(accepted["Location"]!);
        RawResponse early = await server.Server.AskAsync("GET", accepted["Location"] + "/result");
        stall.Release();
        JsonElement end = await server.EndOfAsync(accepted["Location"]!);

        Assert.Equal((202, "respond-async", "1", "0"), (accepted.Status, accepted["Preference-Applied"], accepted["Retry-After"], accepted["Content-Length"]));
        Assert.StartsWith(OperationServer.List + "/", accepted["Location"], StringComparison.Ordinal);
        Assert.Equal((202, accepted["Location"], null), (early.Status, early["Location"], early["Preference-Applied"]));
        Assert.Equal(("running", false), (page.GetProperty("state").GetString(), page.TryGetProperty("status", out _)));
        Assert.Equal(("succeeded", OperationServer.StatusOf(method)), (end.GetProperty("state").GetString(), end.GetProperty("status").GetInt32()));
        Assert.Equal(1, server.Done(method));
    }

    [Fact]
    public async Task Who_waits_and_is_not_kept_waiting_gets_the_answer_itself()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");

        await using RawConnection connection = await server.SendAsync("COPY", "Prefer: respond-async, wait=10");
        await stall.ReachedAsync();
        await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        server.Time.Advance(TimeSpan.FromSeconds(9));
        stall.Release();
        RawResponse answer = await connection.ReadAsync();

        Assert.Equal((201, null, null), (answer.Status, answer["Location"], answer["Preference-Applied"]));
    }

    [Fact]
    public async Task Who_has_waited_long_enough_gets_202()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");

        await using RawConnection connection = await server.SendAsync("COPY", "Prefer: respond-async; x=y, wait=10");
        await stall.ReachedAsync();
        await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        server.Time.Advance(TimeSpan.FromSeconds(10));
        RawResponse accepted = await connection.ReadAsync();
        stall.Release();

        Assert.Equal((202, "respond-async, wait=10"), (accepted.Status, accepted["Preference-Applied"]));
        Assert.Equal(201, (await server.EndOfAsync(accepted["Location"]!)).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Who_waits_is_kept_alive_meanwhile()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");

        await using RawConnection connection = await server.SendAsync("COPY", "Prefer: respond-async, wait=30", "User-Agent: cadaver/0.24 neon/0.32.5");
        await stall.ReachedAsync();
        await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        server.Time.Advance(TimeSpan.FromSeconds(10));
        RawResponse interim = await connection.ReadAsync();
        server.Time.Advance(TimeSpan.FromSeconds(20));
        (_, RawResponse accepted) = await connection.ReadFinalAsync();
        stall.Release();

        Assert.Equal((102, 202), (interim.Status, accepted.Status));
    }

    [Theory]
    [InlineData("wait=99999999")]
    [InlineData("wait=999999999999999999999")]
    public async Task However_long_somebody_would_wait_the_answer_comes(string wait)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");

        await using RawConnection connection = await server.SendAsync("COPY", $"Prefer: respond-async, {wait}");
        await stall.ReachedAsync();
        stall.Release();

        Assert.Equal(201, (await connection.ReadAsync()).Status);
    }

    [Theory]
    [InlineData(404, "COPY", "/none", "Destination: /b")]
    [InlineData(404, "DELETE", "/none")]
    [InlineData(409, "COPY", "/a", "Destination: /none/b")]
    [InlineData(412, "COPY", "/a", "Destination: /b", "Overwrite: F")]
    [InlineData(412, "DELETE", "/z", "If-Match: \"other\"")]
    [InlineData(412, "MOVE", "/a", "Destination: /c", "If: (<urn:x>)")]
    [InlineData(423, "DELETE", "/locked")]
    [InlineData(423, "COPY", "/a", "Destination: /locked")]
    [InlineData(423, "LOCK", "/locked")]
    [InlineData(207, "DELETE", "/holder")] // a member is locked, and nothing is touched
    [InlineData(403, "COPY", "/a", "Destination: /a/b")]
    [InlineData(403, "DELETE", "/a", "Test-User: reader")]
    [InlineData(403, "DELETE", "/")]
    [InlineData(502, "COPY", "/a", "Destination: http://elsewhere.example/b")]
    [InlineData(400, "COPY", "/a")]
    [InlineData(400, "DELETE", "/a", "Depth: 0")]
    [InlineData(415, "DELETE", "/a", "Content-Length: 1")]
    public async Task An_error_is_answered_at_once(int status, string method, string target, params string[] fields)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        server.Tree.AddFile("b/f");
        server.Tree.AddFile("locked/f");
        server.Tree.AddFile("holder/f");
        Assert.Equal(200, await server.Server.StatusAsync("LOCK", "/locked", ["Test-User: bob"], LockBody));
        Assert.Equal(200, await server.Server.StatusAsync("LOCK", "/holder/f", ["Test-User: bob"], LockBody));
        IReadOnlyList<string> before = server.Tree.List();

        await using RawConnection connection = await server.Server.ConnectAsync();
        await connection.SendRequestAsync(method, target, [Async, .. fields], method == "LOCK" ? LockBody : null);
        await connection.SendAsync("x");
        RawResponse answer = await connection.ReadAsync();

        Assert.Equal((status, null), (answer.Status, answer["Preference-Applied"]));
        Assert.Equal(before, server.Tree.List());
        await server.WaitUntilForgottenAsync();
    }

    [Fact]
    public async Task What_the_same_request_had_been_told_202_is_joined_by_the_next()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");

        RawResponse first = await server.AskAsync("COPY", Async);
        RawResponse second = await server.AskAsync("COPY", Async);
        stall.Release();

        Assert.Equal((202, first["Location"]), (second.Status, second["Location"]));
        await server.EndOfAsync(first["Location"]!);
        Assert.Equal(1, server.Done("COPY"));
    }

    [Fact]
    public async Task What_ended_after_its_client_had_gone_can_be_asked_for()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        (await server.SendAndGoAsync("COPY")).Release();
        await server.WaitForEndAsync();

        RawResponse accepted = await server.AskAsync("COPY", Async);

        Assert.Equal(202, accepted.Status);
        Assert.Equal(201, await server.Server.StatusAsync("GET", accepted["Location"] + "/result"));
        Assert.Equal(1, server.Done("COPY"));
    }

    [Theory]
    [InlineData("MKCOL", "/new", 201)]
    [InlineData("GET", "/z", 200)]
    [InlineData("PROPFIND", "/a", 207)]
    public async Task What_is_no_operation_is_answered_as_ever(string method, string target, int status)
    {
        await using OperationServer server = await OperationServer.StartAsync();

        RawResponse answer = await server.Server.AskAsync(method, target, [Async]);

        Assert.Equal((status, null), (answer.Status, answer["Preference-Applied"]));
    }

    [Fact]
    public async Task Polling_shows_progress_that_rises_and_then_the_end()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            server.Tree.AddFile($"a/many/{i}", new string('x', 100));
        }

        Stall half = server.Store.Stall(StoreCall.StagedCopyFile, path: null, nth: 11);
        RawResponse accepted = await server.AskAsync("COPY", Async);
        await half.ReachedAsync();
        await server.Time.WaitForTimersAsync(2);
        server.Time.Advance(TreeCount.Delay + TimeSpan.FromSeconds(9.5));
        JsonElement page = default;
        await OperationServer.WaitAsync(async () =>
            (page = await server.PageAsync(accepted["Location"]!)).GetProperty("progress") is var told
            && told.TryGetProperty("total", out _) && told.GetProperty("bytes").GetInt32() >= 800);
        half.Release();
        JsonElement end = await server.EndOfAsync(accepted["Location"]!);

        JsonElement progress = page.GetProperty("progress");
        Assert.Equal((25, 2011), (progress.GetProperty("total").GetInt32(), progress.GetProperty("totalBytes").GetInt32()));
        Assert.InRange(progress.GetProperty("items").GetInt32(), 10, 14); // What is copied beside it may be told later.
        Assert.InRange(progress.GetProperty("bytes").GetInt32(), 800, 1011);
        Assert.Equal(0, progress.GetProperty("failures").GetInt32());
        Assert.StartsWith("/a/", progress.GetProperty("current").GetString(), StringComparison.Ordinal);
        Assert.Equal(progress.GetProperty("items").GetInt32() / 10.0, progress.GetProperty("itemsPerSecond").GetDouble());
        Assert.InRange(progress.GetProperty("secondsLeft").GetDouble(), 7, 18);
        Assert.Equal(("running", "COPY", "/a", "/b", "infinity"), (Text(page, "state"), Text(page, "method"), Text(page, "source"), Text(page, "destination"), Text(page, "depth")));
        Assert.Equal(("succeeded", 201), (Text(end, "state"), end.GetProperty("status").GetInt32()));
        Assert.Equal((25, 2011), (end.GetProperty("progress").GetProperty("items").GetInt32(), end.GetProperty("progress").GetProperty("bytes").GetInt32()));
        Assert.False(end.GetProperty("progress").TryGetProperty("secondsLeft", out _));

        static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Failures_are_listed()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        server.Store.Fail(StoreCall.StagedCopyFile, "/a/d/g", StoreFault.Denied);

        RawResponse accepted = await server.AskAsync("COPY", Async);
        JsonElement end = await server.EndOfAsync(accepted["Location"]!);
        MultiStatus result = MultiStatus.Of(await server.Server.AskAsync("GET", accepted["Location"] + "/result"));

        Assert.Equal(("failed", 207), (end.GetProperty("state").GetString(), end.GetProperty("status").GetInt32()));
        Assert.Equal(1, end.GetProperty("progress").GetProperty("failures").GetInt32());
        JsonElement failure = Assert.Single(end.GetProperty("failures").EnumerateArray());
        Assert.Equal(("/a/d/g", 403), (failure.GetProperty("href").GetString(), failure.GetProperty("status").GetInt32()));
        Assert.NotEmpty(failure.GetProperty("reason").GetString()!);
        Assert.Equal(["/a/d/g"], result.Hrefs);
        Assert.Equal(403, result.Status("/a/d/g"));
    }
}
