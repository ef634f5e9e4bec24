using Microsoft.Extensions.Logging;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>
/// The 207 of a COPY, MOVE or DELETE that begins before its end is known (RFC 4918 13), for clients that misread a 102 and read an
/// answer to its end before they judge it.
/// </summary>
public sealed class StreamedOutcomeTests
{
    private const string Requests = "User-Agent: python-requests/2.28.1";

    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public static TheoryData<string, int, string, bool> Methods
    {
        get
        {
            TheoryData<string, int, string, bool> all = [];
            foreach ((string method, int status) in new[] { ("COPY", 201), ("MOVE", 201), ("DELETE", 204) })
            {
                foreach (string client in new[] { Requests, "User-Agent: Python-urllib/3.11", "User-Agent: Java/17.0.15", "User-Agent: libwww-perl/6.68" })
                {
                    all.Add(method, status, client, client.Contains("Java", StringComparison.Ordinal));
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task It_begins_after_a_while_goes_on_with_newlines_and_ends_with_the_status(string method, int status, string client, bool https)
    {
        await using FaultyServer server = await StartAsync(https: https);
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, method);

        await SendAsync(connection, method, client);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse head = await connection.ReadAsync(toHead: true);
        string begin = await connection.ReadChunkAsync();
        string[] white = new string[2];
        for (int i = 0; i < white.Length; i++)
        {
            await server.AdvanceToTimerAsync(Interval);
            white[i] = await connection.ReadChunkAsync();
        }

        stall.Release();
        string end = await connection.ReadChunksToEndAsync();

        Assert.Equal(("HTTP/1.1 207 Multi-Status", "application/xml; charset=utf-8"), (head.StatusLine, head["Content-Type"]));
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus ", begin, StringComparison.Ordinal);
        Assert.All(white, chunk => Assert.Equal("\n", chunk));
        MultiStatus answer = MultiStatus.Of(head with { Body = System.Text.Encoding.UTF8.GetBytes(begin + string.Concat(white) + end) });
        Assert.Equal(["/a/"], answer.Hrefs);
        Assert.Equal(status, answer.Status("/a/"));
        Assert.Equal(method != "DELETE", server.Tree.Has("b"));
        Assert.EndsWith($", answer streamed ({status})", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        await AssertNextAsync(connection);
    }

    [Theory]
    [InlineData("COPY", 201)]
    [InlineData("MOVE", 201)]
    [InlineData("DELETE", 204)]
    public async Task What_is_done_before_that_is_answered_as_to_anyone(string method, int status)
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, method);

        await SendAsync(connection, method, Requests);
        await stall.ReachedAsync();
        await server.Time.WaitForTimerAsync(FirstAfter);
        server.Time.Advance(FirstAfter - TimeSpan.FromTicks(1));
        stall.Release();

        RawResponse answer = await connection.ReadAsync();
        Assert.Equal((status, 0), (answer.Status, answer.Body.Length));
        Assert.DoesNotContain("streamed", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        await AssertNextAsync(connection);
    }

    [Theory]
    [InlineData("Via: 1.1 squid")]
    [InlineData("X-Forwarded-For: 192.0.2.1")]
    [InlineData("Prefer: processing")]
    public async Task Every_proxy_passes_it_and_nobody_asks_for_something_else(string field)
    {
        await using FaultyServer server = await StartAsync();
        Assert.Equal(207, await StatusAfterAsync(server, FirstAfter, Requests, field));
    }

    [Fact]
    public async Task A_client_of_the_settings_has_it_at_its_own_pace()
    {
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal)
        {
            ["KeepAlive:Clients:0:Pattern"] = "mine/",
            ["KeepAlive:Clients:0:Allowed"] = "false",
            ["KeepAlive:Clients:0:ReadsToEnd"] = "true",
            ["KeepAlive:Clients:0:First"] = "00:00:03",
        });
        Assert.Equal(207, await StatusAfterAsync(server, TimeSpan.FromSeconds(3), "User-Agent: mine/1"));
    }

    [Theory]
    [InlineData("User-Agent: rclone/v1.60.1", "Via: 1.1 x")]
    [InlineData("User-Agent: gvfs/1.50.3", "Via: 1.1 x")]
    [InlineData("User-Agent: curl/8", "Via: 1.1 x")]
    [InlineData("User-Agent: python-urllib3/2")]
    [InlineData("User-Agent: okhttp/3.13.1")]
    [InlineData("User-Agent: unknown/1")]
    [InlineData] // Python's http.client says no name: nobody knows that it is one that reads
    public async Task Nobody_else_has_it(params string[] fields)
    {
        await using FaultyServer server = await StartAsync();
        await AssertWaitsInSilenceAsync(server, "HTTP/1.1", fields);
    }

    [Fact]
    public async Task HTTP_1_0_has_it_never()
    {
        await using FaultyServer server = await StartAsync();
        await AssertWaitsInSilenceAsync(server, "HTTP/1.0", Requests);
    }

    [Fact]
    public async Task Nobody_has_it_where_all_is_off()
    {
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal) { ["KeepAlive:Mode"] = "Off" });
        await AssertWaitsInSilenceAsync(server, "HTTP/1.1", Requests);
    }

    [Fact]
    public async Task A_LOCK_has_it_never_as_its_answer_is_the_lock()
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = server.Store.Stall(StoreCall.CheckWritable, "/a/f");

        await connection.SendRequestAsync(
            "LOCK", "/a/", [Requests], "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>");
        await stall.ReachedAsync();
        await server.Time.WaitForTimersAsync();
        server.Time.Advance(TimeSpan.FromHours(1));
        stall.Release();

        Assert.Equal(200, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task Each_member_that_failed_has_a_response()
    {
        // RFC 4918 9.6.1: their siblings are gone.
        await using FaultyServer server = await StartAsync();
        server.Tree.AddFile("a/d/h", "more");
        server.Store.Fail(StoreCall.Remove, "/a/d/g", StoreFault.Denied);
        server.Store.Fail(StoreCall.Remove, "/a/d/h", StoreFault.Denied);

        MultiStatus answer = await AnswerAsync(server, "DELETE", 207);

        Assert.Equal(["/a/d/g", "/a/d/h"], answer.Hrefs.Order(StringComparer.Ordinal));
        Assert.Equal((403, 403), (answer.Status("/a/d/g"), answer.Status("/a/d/h")));
        Assert.False(server.Tree.Has("a/f"));
    }

    [Fact]
    public async Task A_failure_of_the_whole_is_told_of_the_resource()
    {
        await using FaultyServer server = await StartAsync();
        server.Store.Fail(StoreCall.StagedPublish, path: null, StoreFault.NoSpace);

        MultiStatus answer = await AnswerAsync(server, "COPY", 507);

        Assert.Equal(["/a/"], answer.Hrefs);
        Assert.Equal(507, answer.Status("/a/"));
        Assert.False(server.Tree.Has("b"));
        Assert.Contains(", answer streamed (507): no space is left", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lock-Token: <urn:uuid:1>", 423)]
    [InlineData("If-Match: \"other\"", 412)]
    public async Task What_is_refused_at_once_is_refused_as_to_anyone(string field, int status)
    {
        await using FaultyServer server = await StartAsync();
        if (status == 423)
        {
            string body = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
            Assert.Equal(200, await server.Server.StatusAsync("LOCK", "/a/", body: body));
        }

        Assert.Equal(status, await server.Server.StatusAsync("DELETE", "/a/", [Requests, field]));
    }

    [Fact]
    public async Task A_client_that_goes_away_meanwhile_is_told_the_end_when_it_comes_again()
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FaultyServer server = await StartAsync(onAborted: gone.SetResult);
        Stall stall = StallAt(server, "COPY");
        await using (RawConnection connection = await server.Server.ConnectAsync())
        {
            await SendAsync(connection, "COPY", Requests);
            await stall.ReachedAsync();
            await server.AdvanceToTimerAsync(FirstAfter);
            Assert.Equal(207, (await connection.ReadAsync(toHead: true)).Status);
        }

        await gone.Task.WaitAsync(RawConnection.Patience);
        await server.Server.Log.WaitForRequestsAsync();
        stall.Release();

        Assert.Equal(201, await server.Server.StatusAsync("COPY", "/a/", [Requests, "Destination: /b/", "Depth: infinity"]));
        Assert.Equal(1, server.Store.Count(StoreCall.StagedPublish));
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    private static async Task<MultiStatus> AnswerAsync(FaultyServer server, string method, int status)
    {
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, method);
        await SendAsync(connection, method, Requests);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        await server.Time.WaitForTimerAsync(Interval);
        stall.Release();
        MultiStatus answer = MultiStatus.Of(await connection.ReadAsync());
        Assert.Contains($", answer streamed ({status}): ", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        await AssertNextAsync(connection);
        return answer;
    }

    private static async Task<int> StatusAfterAsync(FaultyServer server, TimeSpan first, params string[] fields)
    {
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");
        await SendAsync(connection, "COPY", fields);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(first);
        await server.Time.WaitForTimerAsync(Interval);
        stall.Release();
        return (await connection.ReadAsync()).Status;
    }

    private static async Task AssertWaitsInSilenceAsync(FaultyServer server, string protocol, params string[] fields)
    {
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");
        string[] lines = [$"COPY /a/ {protocol}", "Host: localhost", "Destination: /b/", .. fields];
        await connection.SendAsync($"{string.Join("\r\n", lines)}\r\n\r\n");
        await stall.ReachedAsync();
        await server.Time.WaitForTimersAsync();
        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, server.Time.Timers);
        stall.Release();

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.Contains(", no 102: ", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    private static async Task AssertNextAsync(RawConnection connection)
    {
        await connection.SendRequestAsync("OPTIONS", "/");
        RawResponse next = await connection.ReadAsync();
        Assert.Equal(("HTTP/1.1 200 OK", "0"), (next.StatusLine, next["Content-Length"]));
    }

    private static async Task<FaultyServer> StartAsync(Dictionary<string, string?>? settings = null, bool https = false, Action? onAborted = null)
    {
        TempTree tree = new();
        tree.AddFile("a/f", "content");
        tree.AddFile("a/d/g", "more");
        return await FaultyServer.StartAsync(settings, https, tree: tree, onAborted: onAborted);
    }

    private static Stall StallAt(FaultyServer server, string method) => method switch
    {
        "COPY" => server.Store.Stall(StoreCall.StagedCopyFile, "/a/f"),
        "MOVE" => server.Store.Stall(StoreCall.Rename, "/a"),
        _ => server.Store.Stall(StoreCall.Remove, "/a/f"),
    };

    private static Task SendAsync(RawConnection connection, string method, params string[] fields) => connection.SendRequestAsync(
        method, "/a/", [.. fields, .. method == "DELETE" ? (string[])[] : ["Destination: /b/"], "Depth: infinity"]);
}
