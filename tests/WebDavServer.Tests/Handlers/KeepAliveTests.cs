using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebDav.Operations;
using WebDav.Storage;
using WebDavServer.Tests.Operations;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>RFC 2518 10.1: a long request is answered with <c>102 Processing</c> until its final status is known; RFC 9110 15.2.</summary>
public sealed partial class KeepAliveTests
{
    private const string Cadaver = "User-Agent: cadaver/0.24 neon/0.32.5";
    private const string LockBody = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";

    // Entity tags and times are others in every directory.
    private const string PropFindBody = "<propfind xmlns='DAV:'><prop><resourcetype/><getcontentlength/></prop></propfind>";

    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public static TheoryData<string, bool> Methods
    {
        get
        {
            TheoryData<string, bool> all = [];
            foreach (string method in new[] { "COPY", "MOVE", "DELETE", "LOCK", "PROPFIND" })
            {
                all.Add(method, false);
                all.Add(method, true);
            }

            return all;
        }
    }

    public static TheoryData<string> ProxyFields =>
    [
        "Via: 1.1 squid", "Forwarded: for=192.0.2.1", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: example.org",
        "X-Forwarded-Server: a", "X-Forwarded-Port: 443", "X-Forwarded-Prefix: /a", "X-Real-IP: 192.0.2.1", "X-Varnish: 3",
        "Client-ip: 192.0.2.1", "Surrogate-Capability: a=\"b\"", "via:", "X-Forwarded-Anything: 1",
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_long_request_is_kept_alive_until_its_final_status(string method, bool https)
    {
        await using FaultyServer server = await StartAsync(https: https);
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, method);

        await SendAsync(connection, method, Cadaver);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse first = await connection.ReadAsync();
        await server.AdvanceToTimerAsync(Interval);
        RawResponse second = await connection.ReadAsync();
        await server.Time.WaitForTimersAsync();
        stall.Release();
        RawResponse final = await connection.ReadAsync();

        Assert.All([first, second], interim =>
        {
            Assert.Equal("HTTP/1.1 102 Processing", interim.StatusLine);
            Assert.Empty(interim.Fields);
        });
        Assert.Equal(StatusOf(method), final.Status);
        Assert.Contains(", 2 times 102 (client (cadaver))", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(connection);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_final_response_is_the_same_as_without_them(string method, bool https)
    {
        RawResponse plain = await AnswerAsync("User-Agent: unknown/1.0", interims: 0);
        RawResponse kept = await AnswerAsync(Cadaver, interims: 3);

        Assert.Equal(plain.StatusLine, kept.StatusLine);
        Assert.Equal(plain.Fields.Select(Comparable), kept.Fields.Select(Comparable));
        Assert.Equal(WithoutTokens(plain.Text), WithoutTokens(kept.Text));

        async Task<RawResponse> AnswerAsync(string userAgent, int interims)
        {
            await using FaultyServer server = await StartAsync(https: https);
            await using RawConnection connection = await server.Server.ConnectAsync();
            Stall stall = StallAt(server, method);
            await SendAsync(connection, method, userAgent);
            await stall.ReachedAsync();
            for (int i = 0; i < interims; i++)
            {
                await server.AdvanceToTimerAsync(i == 0 ? FirstAfter : Interval);
                Assert.Equal(102, (await connection.ReadAsync()).Status);
            }

            stall.Release();
            RawResponse final = await connection.ReadAsync();
            await AssertNothingIsLeftAsync(connection);
            return final;
        }

        static KeyValuePair<string, string> Comparable(KeyValuePair<string, string> field) =>
            field.Key is "Date" ? new(field.Key, "") : new(field.Key, WithoutTokens(field.Value));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Without_reason_to_wait_there_are_none(string method, bool https)
    {
        await using FaultyServer server = await StartAsync(https: https);
        await using RawConnection connection = await server.Server.ConnectAsync();

        await SendAsync(connection, method, Cadaver);

        Assert.Equal(StatusOf(method), (await connection.ReadAsync()).Status);
        Assert.DoesNotContain("102", WithoutDuration((await server.Server.Log.WaitForRequestsAsync())[0].Text), StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(connection);
    }

    [Theory]
    [InlineData("unknown client")]
    [InlineData("unknown client", "User-Agent:")]
    [InlineData("unknown client", "User-Agent: somebody/1.0")]
    [InlineData("client (okhttp)", "User-Agent: okhttp/3.13.1")]
    [InlineData("client (okhttp)", "User-Agent: okhttp/3.13.1", "Prefer: processing")]
    public async Task A_client_that_is_not_known_to_take_them_gets_none(string rule, params string[] fields) => await AssertNoneAsync(rule, fields);

    [Theory]
    [MemberData(nameof(ProxyFields))]
    public async Task Behind_a_proxy_there_are_none(string field)
    {
        string rule = $"proxy ({field[..field.IndexOf(':', StringComparison.Ordinal)].Replace("via", "Via", StringComparison.Ordinal)})";
        await AssertNoneAsync(rule, Cadaver, field);
        await AssertNoneAsync(rule, "Prefer: processing", field);
    }

    [Theory]
    [InlineData("X-Forwarded-For: 192.0.2.1")]
    [InlineData("Forwarded: for=192.0.2.1")]
    public async Task A_proxy_that_is_trusted_is_a_proxy_nevertheless(string field)
    {
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal)
        {
            ["WebDav:TrustedProxies:0"] = "127.0.0.1", ["KeepAlive:Proxies:0:Address"] = "192.0.2.1",
        });
        await AssertNoneAsync(server, $"proxy ({field[..field.IndexOf(':', StringComparison.Ordinal)]})", Cadaver, field);
    }

    [Theory]
    [InlineData("Connection: Keep-Alive, 102-Processing")]
    [InlineData("Connection: 102-processing")]
    [InlineData("Connection: TE , 102-PROCESSING, keep-alive,", "TE: trailers")]
    public async Task Who_names_the_connection_option_gets_them_whoever_it_is(params string[] fields)
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");

        await SendAsync(connection, "COPY", ["User-Agent: python-requests/2.28.1", "X-Forwarded-For: 192.0.2.1", .. fields]);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse interim = await connection.ReadAsync();
        stall.Release();

        Assert.Equal((102, 0, 201), (interim.Status, interim.Fields.Count, (await connection.ReadAsync()).Status));
        Assert.EndsWith(", 1 times 102 (connection option)", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "Via: 1.1 squid")]
    [InlineData("127.0.0.0/8", "Via: 1.1 squid")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 192.0.2.7")] // the client's address, for which there is another entry
    public async Task A_proxy_that_is_listed_lets_them_through_at_its_own_pace(string address, string field)
    {
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal)
        {
            ["KeepAlive:Proxies:0:Address"] = "192.0.2.0/24",
            ["KeepAlive:Proxies:0:Allowed"] = "false",
            ["KeepAlive:Proxies:1:Address"] = address,
            ["KeepAlive:Proxies:1:Maximum"] = "3",
            ["KeepAlive:Proxies:1:First"] = "00:00:02",
            ["KeepAlive:Proxies:1:Interval"] = "00:00:03",
            ["KeepAlive:Proxies:1:Growth"] = "2",
            ["WebDav:TrustedProxies:0"] = "127.0.0.1",
        });
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");

        await SendAsync(connection, "COPY", Cadaver, field);
        await stall.ReachedAsync();
        foreach (int silence in new[] { 2, 3, 6 })
        {
            await server.AdvanceToTimerAsync(TimeSpan.FromSeconds(silence));
            Assert.Equal(102, (await connection.ReadAsync()).Status);
        }

        server.Time.Advance(TimeSpan.FromHours(1));
        stall.Release();
        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.EndsWith(", 3 times 102 (client (cadaver))", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_the_settings_gets_them_at_its_own_pace()
    {
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal)
        {
            ["KeepAlive:Clients:0:Pattern"] = "Mine/",
            ["KeepAlive:Clients:0:Maximum"] = "2",
            ["KeepAlive:Clients:0:First"] = "00:00:03",
            ["KeepAlive:Clients:0:Interval"] = "00:00:05",
        });
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "MOVE");

        await SendAsync(connection, "MOVE", "User-Agent: mine/2");
        await stall.ReachedAsync();
        foreach (int silence in new[] { 3, 5 })
        {
            await server.AdvanceToTimerAsync(TimeSpan.FromSeconds(silence));
            Assert.Equal(102, (await connection.ReadAsync()).Status);
        }

        server.Time.Advance(TimeSpan.FromHours(1));
        stall.Release();
        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.EndsWith(", 2 times 102 (client (Mine))", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_prefers_to_hear_of_the_progress_does_unless_the_proxy_takes_no_fields(bool bare)
    {
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal)
        {
            ["KeepAlive:Proxies:0:Address"] = bare ? "127.0.0.1" : "192.0.2.1", ["KeepAlive:Proxies:0:Bare"] = "true",
        });
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = server.Store.Stall(StoreCall.StagedPublish);

        await SendAsync(connection, "COPY", Cadaver, "Prefer: processing");
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse first = await connection.ReadAsync();
        await server.AdvanceToTimerAsync(Interval);
        RawResponse second = await connection.ReadAsync();
        stall.Release();
        Assert.Equal(201, (await connection.ReadAsync()).Status);

        if (bare)
        {
            Assert.Empty(first.Fields.Concat(second.Fields));
            return;
        }

        Assert.Equal(["Location", "Progress", "Status-URI"], first.Fields.Select(field => field.Key));
        Assert.StartsWith("/.webdav/operations/", first["Location"], StringComparison.Ordinal);
        Assert.Matches("^[0-9]+(/[0-9]+)?$", first["Progress"]);
        Assert.Matches("^200 <http://localhost/.+>$", first["Status-URI"]); // RFC 2518 9.7
        Assert.Equal(["Progress", "Status-URI"], second.Fields.Select(field => field.Key));
    }

    [Fact]
    public async Task Fields_stay_below_the_bytes_that_a_client_takes_and_then_bare_ones_go_on()
    {
        // .NET gives up at 64 KB of interim header lines. A name of 250 bytes that are three each in a URL makes fields of 800 bytes.
        string deep = string.Join('/', Enumerable.Repeat(new string('\u00E4', 120), 3));
        TempTree tree = new();
        tree.AddFile($"a/{deep}/f", "content");
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal) { ["KeepAlive:Maximum"] = "200" }, tree: tree);
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = server.Store.Stall(StoreCall.StagedPublish);

        await SendAsync(connection, "COPY", "Prefer: processing");
        await stall.ReachedAsync();
        List<RawResponse> interim = [];
        for (int i = 0; i < 200; i++)
        {
            await server.AdvanceToTimerAsync(i == 0 ? FirstAfter : Interval);
            interim.Add(await connection.ReadAsync());
        }

        stall.Release();
        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.All(interim, response => Assert.Equal(102, response.Status));
        Assert.True(interim[0].Fields.Count > 0 && interim[^1].Fields.Count == 0);
        Assert.InRange(interim.Sum(Size), 10 * 1024, 64 * 1024);

        static int Size(RawResponse response) =>
            response.StatusLine.Length + 4 + response.Fields.Sum(field => field.Key.Length + 2 + field.Value.Length + 2);
    }

    [Fact]
    public async Task Who_would_rather_ask_but_waits_a_while_gets_them_meanwhile()
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");

        await SendAsync(connection, "COPY", Cadaver, "Prefer: respond-async, wait=11");
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse interim = await connection.ReadAsync();
        await server.AdvanceToTimerAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((102, 202), (interim.Status, (await connection.ReadAsync()).Status)); // RFC 7240 4.1, 4.3
        stall.Release();
    }

    [Fact]
    public async Task A_short_wait_is_no_word_in_the_log()
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");

        await SendAsync(connection, "COPY");
        await stall.ReachedAsync();
        server.Time.Advance(FirstAfter - TimeSpan.FromTicks(1));
        stall.Release();

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.EndsWith(" from 127.0.0.1", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Auto", 1)]
    [InlineData("OnRequest", 0)]
    [InlineData("Off", 0)]
    public async Task The_start_says_in_one_line_what_Auto_assumes(string mode, int lines)
    {
        await using FaultyServer server = await StartAsync(new(StringComparer.Ordinal) { ["KeepAlive:Mode"] = mode });

        Assert.Equal(lines, server.Server.Log.Lines.Count(line =>
            line.Text.Contains("nginx", StringComparison.Ordinal) && line.Text.Contains("KeepAlive:Mode to OnRequest", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Prefer: processing")]
    [InlineData("prefer: return=minimal;x=y, PROCESSING")]
    public async Task Who_asks_for_them_gets_them(string prefer)
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");

        await SendAsync(connection, "COPY", "User-Agent: unknown/1.0", prefer);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse interim = await connection.ReadAsync();
        stall.Release();

        Assert.Equal((102, 201), (interim.Status, (await connection.ReadAsync()).Status));
        Assert.Contains(", 1 times 102 (asked for)", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HTTP_1_0_has_none()
    {
        await using FaultyServer server = await StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["KeepAlive:Mode"] = "Always" });
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");

        await connection.SendAsync($"COPY /a HTTP/1.0\r\nHost: localhost\r\nDestination: /b\r\n{Cadaver}\r\nPrefer: processing\r\n\r\n");
        await stall.ReachedAsync();
        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, server.Time.Timers);
        stall.Release();

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.True(await connection.IsClosedAsync());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_method_that_is_never_long_has_none(string method)
    {
        await using FaultyServer server = await StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["KeepAlive:Mode"] = "Always" });
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = server.Store.Stall(StoreCall.Find, "/a/f");

        await connection.SendRequestAsync(method, "/a/f", [Cadaver]);
        await stall.ReachedAsync();
        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, server.Time.Timers);
        stall.Release();

        Assert.Equal(200, (await connection.ReadAsync(toHead: method == "HEAD")).Status);
    }

    [Fact]
    public async Task A_client_is_never_sent_more_than_it_takes_though_its_request_waits_twice()
    {
        // Go before 1.24 gives up at the sixth. A PROPFIND waits for the first member, and then for all the others.
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall first = server.Store.Stall(StoreCall.List, "/a");
        Stall others = server.Store.Stall(StoreCall.ListNext, "/a");

        await SendAsync(connection, "PROPFIND", "User-Agent: rclone/v1.60.1");
        await first.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        await server.AdvanceToTimerAsync(Interval);
        await server.Time.WaitForTimerAsync(Interval * 4);
        first.Release();
        await others.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        await server.AdvanceToTimerAsync(Interval * 16); // ever wider
        server.Time.Advance(TimeSpan.FromHours(1));
        others.Release();
        (IReadOnlyList<RawResponse> interim, RawResponse final) = await connection.ReadFinalAsync();

        Assert.Equal(4, interim.Count);
        Assert.Equal(207, final.Status);
        Assert.Contains(", 4 times 102 (client (rclone))", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_fails_after_them_is_logged_with_them()
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");
        server.Store.Fail(StoreCall.StagedCopyFile, path: null, StoreFault.NoSpace);

        await SendAsync(connection, "COPY", Cadaver);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse interim = await connection.ReadAsync();
        stall.Release();

        Assert.Equal((102, 507), (interim.Status, (await connection.ReadAsync()).Status));
        Assert.Contains(", 1 times 102 (client (cadaver)): no space is left", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(connection);
    }

    [Fact]
    public async Task A_copy_of_which_one_child_cannot_be_read_answers_207_with_that_child_alone()
    {
        // RFC 4918 9.8.3, 9.8.5
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        for (int i = 0; i < 50; i++)
        {
            server.Tree.AddFile($"a/d{i % 5}/{i}", $"{i}");
        }

        server.Store.Fail(StoreCall.StagedCopyFile, "/a/d3/13", StoreFault.Denied);
        Stall stall = server.Store.Stall(StoreCall.StagedPublish);

        await SendAsync(connection, "COPY", Cadaver);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        RawResponse interim = await connection.ReadAsync();
        stall.Release();
        RawResponse final = await connection.ReadAsync();

        Assert.Equal((102, 207), (interim.Status, final.Status));
        XNamespace dav = "DAV:";
        XElement response = Assert.Single(XDocument.Parse(final.Text).Root!.Elements(dav + "response"));
        Assert.Equal("/a/d3/13", response.Element(dav + "href")!.Value);
        Assert.Equal("HTTP/1.1 403 Forbidden", response.Element(dav + "status")!.Value);
        Assert.Equal(server.Tree.List("a").Where(line => line != "d3/13=13"), server.Tree.List("b"));
        await AssertNothingIsLeftAsync(connection);
    }

    [Theory]
    [InlineData("COPY")]
    [InlineData("MOVE")]
    [InlineData("DELETE")]
    public async Task A_client_that_goes_away_does_not_end_what_it_asked_for(string method)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FaultyServer server = await StartAsync(onAborted: gone.SetResult);
        IReadOnlyList<string> source = server.Tree.List("a");
        Stall stall = StallAt(server, method);
        await using (RawConnection connection = await server.Server.ConnectAsync())
        {
            await SendAsync(connection, method, Cadaver);
            await stall.ReachedAsync();
            await server.AdvanceToTimerAsync(FirstAfter);
            Assert.Equal(102, (await connection.ReadAsync()).Status);
        }

        await gone.Task.WaitAsync(RawConnection.Patience);
        await server.Server.Log.WaitForRequestsAsync();
        Operation operation = Assert.Single(server.Server.Services.GetRequiredService<OperationRegistry>().All);
        stall.Release();
        await operation.Completion.WaitAsync(RawConnection.Patience); // which no request waits for any more

        Assert.Equal(method == "COPY", server.Tree.Has("a"));
        Assert.Equal(method == "DELETE" ? null : source, server.Tree.Has("b") ? server.Tree.List("b") : null);
        Assert.Empty(Directory.GetFileSystemEntries(server.Tree.At(".webdav/staging")));
    }

    [Fact]
    public async Task A_server_that_stops_ends_a_long_request_and_leaves_everything_as_it_was()
    {
        await using FaultyServer server = await StartAsync();
        await using RawConnection connection = await server.Server.ConnectAsync();
        IReadOnlyList<string> source = server.Tree.List("a");
        Stall stall = StallAt(server, "COPY");

        await SendAsync(connection, "COPY", Cadaver);
        await stall.ReachedAsync();
        await server.AdvanceToTimerAsync(FirstAfter);
        Assert.Equal(102, (await connection.ReadAsync()).Status);
        Task stopping = server.Server.StopAsync();
        await server.Time.WaitForTimersAsync(2); // the next 102, and how long the operation is waited for
        server.Time.Advance(new OperationOptions().ShutdownWait);
        await stopping;

        Assert.Equal(503, (await connection.ReadFinalAsync()).Final.Status); // RFC 9110 15.6.4: worth another attempt
        Assert.True(await connection.IsClosedAsync());
        Assert.Equal(source, server.Tree.List("a"));
        Assert.False(server.Tree.Has("b"));
        Assert.Empty(Directory.GetFileSystemEntries(server.Tree.At(".webdav/staging")));
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_byte_is_out_of_place_however_close_the_last_one_comes_to_the_final_response(bool https)
    {
        // 3,264 requests that end at any moment of ticks 1 to 2 ms apart. Each is followed by an OPTIONS, which is sent no 102: a late
        // one would come before its answer.
        const int Connections = 32;
        const int Rounds = 34;
        await using FaultyServer server = await StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["KeepAlive:FirstAfter"] = "00:00:00.001", ["KeepAlive:Interval"] = "00:00:00.002", ["KeepAlive:Maximum"] = "1000",
            },
            https,
            realTime: true);
        int seed = 0;
        Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(Interlocked.Increment(ref seed) * 7 % 40 / 10.0));
        server.Store.On(StoreCall.StagedPublish, path: null, (_, _) => PauseAsync());
        server.Store.On(StoreCall.Rename, path: null, (_, _) => PauseAsync());
        server.Store.On(StoreCall.Remove, path: null, (_, _) => PauseAsync());

        int[] received = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async number =>
        {
            int interims = 0;
            await using RawConnection connection = await server.Server.ConnectAsync();
            for (int i = 0; i < Rounds; i++)
            {
                interims += await AskAsync(connection, 201, "COPY", "/a", $"Destination: /c{number}", "User-Agent: curl/8");
                interims += await AskAsync(connection, 201, "MOVE", $"/c{number}/", $"Destination: /m{number}", "User-Agent: gvfs/1.50.3");
                interims += await AskAsync(connection, 204, "DELETE", $"/m{number}/", "User-Agent: Wget/1.21.3");
            }

            await connection.SendRequestAsync("OPTIONS", "/", ["Connection: close"]);
            Assert.Equal(200, (await connection.ReadAsync()).Status);
            Assert.True(await connection.IsClosedAsync());
            return interims;
        }));

        IReadOnlyList<LogLine> log = await server.Server.Log.WaitForRequestsAsync(Connections * ((Rounds * 6) + 1));
        Assert.Equal(received.Sum(), log.Sum(line => InterimCount().Match(line.Text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0));
        Assert.NotEqual(0, received.Sum());
    }

    private static async Task<int> AskAsync(RawConnection connection, int status, string method, string target, params string[] header)
    {
        await connection.SendRequestAsync(method, target, header);
        (IReadOnlyList<RawResponse> interim, RawResponse final) = await connection.ReadFinalAsync();
        Assert.Equal(status, final.Status);
        Assert.Empty(final.Body);
        await AssertNothingIsLeftAsync(connection);
        return interim.Count;
    }

    private static async Task AssertNoneAsync(string rule, params string[] fields)
    {
        await using FaultyServer server = await StartAsync();
        await AssertNoneAsync(server, rule, fields);
    }

    private static async Task AssertNoneAsync(FaultyServer server, string rule, params string[] fields)
    {
        await using RawConnection connection = await server.Server.ConnectAsync();
        Stall stall = StallAt(server, "COPY");

        await SendAsync(connection, "COPY", fields);
        await stall.ReachedAsync();
        await server.Time.WaitForTimersAsync(); // the operation's own: from a second on it is worth a record
        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, server.Time.Timers);
        stall.Release();

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.EndsWith($", no 102: {rule}", (await server.Server.Log.WaitForRequestsAsync())[0].Text, StringComparison.Ordinal);
    }

    /// <summary>The connection takes another request, and nothing comes before its answer.</summary>
    private static async Task AssertNothingIsLeftAsync(RawConnection connection)
    {
        await connection.SendRequestAsync("OPTIONS", "/");
        RawResponse next = await connection.ReadAsync();
        Assert.Equal(("HTTP/1.1 200 OK", "0"), (next.StatusLine, next["Content-Length"]));
    }

    private static async Task<FaultyServer> StartAsync(
        Dictionary<string, string?>? settings = null, bool https = false, bool realTime = false, Action? onAborted = null, TempTree? tree = null)
    {
        tree ??= new();
        tree.AddFile("a/f", "content");
        tree.AddFile("a/d/g", "more");
        settings ??= new(StringComparer.Ordinal);
        settings["WebDav:PropFindAnswer"] = "Held";
        return await FaultyServer.StartAsync(settings, https, realTime, tree, onAborted);
    }

    private static Stall StallAt(FaultyServer server, string method) => method switch
    {
        "COPY" => server.Store.Stall(StoreCall.StagedCopyFile, "/a/f"),
        "MOVE" => server.Store.Stall(StoreCall.Rename, "/a"),
        "DELETE" => server.Store.Stall(StoreCall.Remove, "/a/f"),
        "LOCK" => server.Store.Stall(StoreCall.CheckWritable, "/a/f"),
        _ => server.Store.Stall(StoreCall.ListNext, "/a"),
    };

    private static Task SendAsync(RawConnection connection, string method, params string[] fields) => connection.SendRequestAsync(
        method,
        "/a/",
        [.. fields, .. method is "COPY" or "MOVE" ? (string[])["Destination: /b/"] : [], "Depth: infinity"],
        method switch
        {
            "LOCK" => LockBody,
            "PROPFIND" => PropFindBody,
            _ => null,
        });

    private static int StatusOf(string method) => method switch
    {
        "COPY" or "MOVE" => 201,
        "DELETE" => 204,
        "LOCK" => 200,
        _ => 207,
    };

    private static string WithoutTokens(string text) => Token().Replace(text, "");

    private static string WithoutDuration(string line) => Duration().Replace(line, "");

    [GeneratedRegex("urn:uuid:[0-9a-f-]{36}")]
    private static partial Regex Token();

    [GeneratedRegex("from .*$|in [0-9.]+ ms, [0-9]+ bytes")]
    private static partial Regex Duration();

    [GeneratedRegex(", ([0-9]+) times 102 ")]
    private static partial Regex InterimCount();
}
