using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using WebDav.Operations;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>The page <c>…/socket</c>: a WebSocket (RFC 6455) that tells and takes commands.</summary>
public sealed class SocketTests
{
    private const string Async = "Prefer: respond-async";

    [Fact]
    public async Task It_tells_what_goes_on_and_closes_at_the_end()
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("COPY");
        using ClientWebSocket socket = await OpenAsync(server, (await server.AskAsync("COPY", Async))["Location"]!);

        JsonElement first = await ReadAsync(socket);
        stall.Release();
        JsonElement last = await ReadToEndAsync(socket);

        Assert.Equal(("running", "COPY"), (first.GetProperty("state").GetString(), first.GetProperty("method").GetString()));
        Assert.Equal(("succeeded", 201), (last.GetProperty("state").GetString(), last.GetProperty("status").GetInt32()));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Patience());
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task It_takes_pause_resume_and_cancel()
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("DELETE");
        string page = (await server.AskAsync("DELETE", Async))["Location"]!;
        using ClientWebSocket socket = await OpenAsync(server, page);
        Operation operation = Assert.Single(server.Registry.All);

        await SendAsync(socket, "pause");
        await ReadUntilAsync(socket, "paused");
        await SendAsync(socket, "resume");
        await ReadUntilAsync(socket, "running");
        await SendAsync(socket, " pause\n");
        await ReadUntilAsync(socket, "paused");
        Assert.Equal(OperationState.Paused, operation.State);
        await SendAsync(socket, "cancel");
        JsonElement last = await ReadToEndAsync(socket);

        Assert.Equal(("cancelled", 503), (last.GetProperty("state").GetString(), last.GetProperty("status").GetInt32()));
        Assert.True(server.Tree.Has("a/f"));
        stall.Release();
    }

    [Fact]
    public async Task One_that_answers_no_ping_is_broken_off()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Limits:BodyTimeout"] = "00:00:01" }, realTime: true);
        Stall stall = server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        await using RawConnection vanished = await server.Server.ConnectAsync();
        await vanished.SendRequestAsync(
            "GET",
            page + "/socket",
            ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]);
        Assert.Equal("HTTP/1.1 101 Switching Protocols", await vanished.ReadStatusLineAsync());

        Exception end = await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await vanished.ReadBytesAsync(1); // what is told, and pings
            }
        });

        Assert.True(end is EndOfStreamException or { InnerException: System.Net.Sockets.SocketException });
        stall.Release();
    }

    [Theory]
    [InlineData("")]
    [InlineData("CANCEL")]
    [InlineData("stop")]
    [InlineData("{\"command\":\"cancel\"}")]
    [InlineData("long")]
    public async Task What_is_no_command_does_nothing(string text)
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("COPY");
        using ClientWebSocket socket = await OpenAsync(server, (await server.AskAsync("COPY", Async))["Location"]!);

        // The rest of what does not fit into one read must not be taken for a command either.
        await SendAsync(socket, text == "long" ? new string('x', 64) + "cancel" : text);
        await SendAsync(socket, "pause");
        await ReadUntilAsync(socket, "paused"); // so the other was read
        await SendAsync(socket, "resume");
        stall.Release();

        Assert.Equal("succeeded", (await ReadToEndAsync(socket)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_leaves_does_not_end_the_operation(bool politely)
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        using (ClientWebSocket socket = await OpenAsync(server, page))
        {
            await ReadAsync(socket);
            if (politely)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Patience());
                Assert.Equal((WebSocketState.Closed, WebSocketCloseStatus.NormalClosure), (socket.State, socket.CloseStatus));
            }
            else
            {
                socket.Abort();
            }
        }

        await OperationServer.WaitAsync(() => server.Server.Log.Requests.Any(line => line.Text.Contains("/socket", StringComparison.Ordinal)));
        stall.Release();

        Assert.Equal("succeeded", (await server.EndOfAsync(page)).GetProperty("state").GetString());
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Who_does_not_close_is_not_waited_for_for_ever()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");
        using ClientWebSocket socket = await OpenAsync(server, (await server.AskAsync("COPY", Async))["Location"]!);
        stall.Release();
        await ReadToEndAsync(socket); // and says nothing itself

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await OperationServer.WaitAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            return server.Server.Log.Requests.Any(line => line.Text.Contains("/socket", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("http://elsewhere.example")]
    [InlineData("http://localhost.elsewhere.example")]
    [InlineData("http://127.0.0.1")]
    [InlineData("null")]
    [InlineData("file://")]
    public async Task The_page_of_another_origin_is_refused(string origin)
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", Async))["Location"]!;

        RawResponse answer = await server.Server.AskAsync("GET", page + "/socket", [.. Upgrade, $"Origin: {origin}"]);
        RawResponse twice = await server.Server.AskAsync("GET", page + "/socket", [.. Upgrade, "Origin: http://localhost", $"Origin: {origin}"]);

        Assert.Equal((403, 403), (answer.Status, twice.Status));
        stall.Release();
    }

    [Theory]
    [InlineData("Origin: http://localhost")]
    [InlineData("Origin: https://localhost")] // a proxy speaks TLS
    [InlineData("Origin: http://localhost:80")]
    [InlineData("X: no page at all")]
    public async Task A_page_of_its_own_is_welcome(string origin)
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        await using RawConnection connection = await server.Server.ConnectAsync();

        await connection.SendAsync($"GET {page}/socket HTTP/1.1\r\nHost: localhost\r\n{string.Join("\r\n", Upgrade)}\r\n{origin}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 101 ", await connection.ReadStatusLineAsync(), StringComparison.Ordinal);
        stall.Release();
    }

    [Fact]
    public async Task Without_the_protocol_it_is_400_and_after_the_end_409()
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        await server.EndOfAsync(page);
        await OperationServer.WaitAsync(() => server.Registry.All.Count == 0);

        Assert.Equal(400, await server.Server.StatusAsync("GET", page + "/socket"));
        Assert.Equal(409, await server.Server.StatusAsync("GET", page + "/socket", Upgrade));
    }

    [Fact]
    public async Task Who_may_only_read_may_only_watch()
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("PROPFIND");
        await using RawConnection connection = await server.SendAsync("PROPFIND", "Test-User: reader", "Depth: infinity");
        await stall.ReachedAsync();
        using ClientWebSocket socket = await OpenAsync(server, Assert.Single(await server.ListedAsync("Test-User: reader")), "reader");

        await SendAsync(socket, "cancel");
        await ReadAsync(socket);
        stall.Release();

        Assert.Equal(207, (await connection.ReadAsync()).Status);
        Assert.Equal("succeeded", (await ReadToEndAsync(socket)).GetProperty("state").GetString());
    }

    private static string[] Upgrade =>
        ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

    private static CancellationToken Patience() => new CancellationTokenSource(RawConnection.Patience).Token;

    private static async Task<ClientWebSocket> OpenAsync(OperationServer server, string page, string? user = null)
    {
        ClientWebSocket socket = new();
        if (user is not null)
        {
            socket.Options.SetRequestHeader("Test-User", user);
        }

        await socket.ConnectAsync(new UriBuilder(new Uri(server.Server.Address, page + "/socket")) { Scheme = "ws" }.Uri, Patience());
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Patience());

    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket) => await NextAsync(socket) ?? throw new EndOfStreamException();

    private static async Task<JsonElement?> NextAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult read = await socket.ReceiveAsync(buffer.AsMemory(length), Patience());
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += read.Count;
            if (read.EndOfMessage)
            {
                return JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement;
            }
        }
    }

    private static async Task ReadUntilAsync(ClientWebSocket socket, string state)
    {
        while ((await ReadAsync(socket)).GetProperty("state").GetString() != state)
        {
            // It tells more than one thing.
        }
    }

    private static async Task<JsonElement> ReadToEndAsync(ClientWebSocket socket)
    {
        JsonElement last = default;
        while (await NextAsync(socket) is { } message)
        {
            last = message;
        }

        return last;
    }
}
