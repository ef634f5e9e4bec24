using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace WebDavServer.Tests.Support;

/// <summary>
/// Sends what a client was seen to send, over one connection that it keeps, to a server of its own, and checks what the client looks at
/// in the answers. Requests and answers are texts, so that a test reads like the trace it is from.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private const int Chunk = 5;
    private RawConnection? _connection;

    private Replay(ServerFixture server) => Server = server;

    /// <summary>The server.</summary>
    public ServerFixture Server { get; }

    /// <summary>The directory served.</summary>
    public TempTree Tree => Server.Tree;

    /// <summary>What Host says, and what an absolute Destination has after its scheme.</summary>
    public string Host => Server.Address.Authority;

    /// <summary>Starts a server.</summary>
    /// <param name="time">Its clock; null for the real one.</param>
    /// <param name="settings">Its settings, by key.</param>
    public static async Task<Replay> StartAsync(TimeProvider? time = null, IReadOnlyDictionary<string, string?>? settings = null) =>
        new(await ServerFixture.StartAsync(
            settings,
            services: services =>
            {
                if (time is not null)
                {
                    services.AddSingleton(time);
                }
            }));

    /// <summary>Sends a request and checks its answer.</summary>
    /// <param name="request">
    /// Request line, fields, an empty line and the body. Host is added, and so is Content-Length where there is a body and nothing else
    /// says how it ends. With <c>Transfer-Encoding: chunked</c>, the body is sent in chunks.
    /// </param>
    /// <param name="answer">
    /// The status, and a line for each field that the client looks at: <c>Name: value</c>, <c>Name: *</c> for whatever value, <c>Name: -</c>
    /// for a field that must not be there.
    /// </param>
    public async Task<RawResponse> ExchangeAsync(string request, string answer)
    {
        (string head, string body) = Read(request);
        _connection ??= await Server.ConnectAsync();
        await _connection.SendAsync(head + body);
        RawResponse response = (await _connection.ReadFinalAsync(toHead: head.StartsWith("HEAD ", StringComparison.Ordinal))).Final;
        Check(head, response, answer);
        if (head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase))
        {
            Assert.True(await _connection.IsClosedAsync());
            await HangUpAsync();
        }

        return response;
    }

    /// <summary>Sends a request with <c>Transfer-Encoding: chunked</c> without the chunk that ends its body, and hangs up.</summary>
    public async Task BreakOffAsync(string request)
    {
        (string head, string body) = Read(request);
        int before = Server.Log.Requests.Count;
        await using (RawConnection connection = await Server.ConnectAsync())
        {
            await connection.SendAsync(head + body[..^"0\r\n\r\n".Length]);
        }

        await Server.Log.WaitForRequestsAsync(before + 1); // the server has seen that it was broken off
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        await Server.DisposeAsync();
    }

    private async Task HangUpAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            _connection = null;
        }
    }

    /// <summary>The head with its empty line, and the body as it goes over the wire.</summary>
    private (string Head, string Body) Read(string request)
    {
        int end = request.IndexOf("\n\n", StringComparison.Ordinal);
        string[] lines = (end < 0 ? request : request[..end]).Split('\n');
        string body = end < 0 ? "" : request[(end + 2)..];
        bool chunked = lines.Contains("Transfer-Encoding: chunked");
        bool measured = chunked || lines.Any(line => line.StartsWith("Content-Length:", StringComparison.Ordinal));
        string[] added = [$"Host: {Host}", .. body.Length > 0 && !measured ? [$"Content-Length: {Encoding.UTF8.GetByteCount(body)}"] : Array.Empty<string>()];
        return (string.Join("\r\n", [.. lines, .. added]) + "\r\n\r\n", chunked ? InChunks(body) : body);
    }

    private static string InChunks(string body) =>
        string.Concat(body.Chunk(Chunk).Select(part => $"{Encoding.UTF8.GetByteCount(part):x}\r\n{new string(part)}\r\n")) + "0\r\n\r\n";

    private static void Check(string head, RawResponse response, string answer)
    {
        string[] lines = answer.Split('\n');
        string what = $"{head.Split('\r')[0]} was answered: {response.StatusLine}\n{string.Join('\n', response.Fields)}\n{response.Text}";
        Assert.True(response.Status == int.Parse(lines[0]), what);
        foreach (string[] field in lines[1..].Select(line => line.Split(": ", 2)))
        {
            string? value = response[field[0]];
            Assert.True(field[1] switch { "*" => value is not null, "-" => value is null, var exact => value == exact }, $"{field[0]}: {field[1]}?\n{what}");
        }
    }
}
