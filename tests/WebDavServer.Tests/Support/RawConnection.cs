using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace WebDavServer.Tests.Support;

/// <summary>
/// A connection on which a test writes what it likes and reads exactly what the server wrote, interim responses too. Every read and
/// write fails after <see cref="Patience"/>.
/// </summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _begin;
    private int _end;

    private RawConnection(TcpClient client, Stream stream)
    {
        _client = client;
        _stream = stream;
    }

    /// <summary>How long a read or write may take.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Connects; over TLS with HTTP/1.1 if the address says https, whatever certificate the server shows.</summary>
    /// <param name="address">The server's.</param>
    /// <param name="from">The client's own address; any if not given.</param>
    public static async Task<RawConnection> OpenAsync(Uri address, IPAddress? from = null)
    {
        (TcpClient client, Stream stream) = await ConnectAsync(address, SslApplicationProtocol.Http11, from);
        return new(client, stream);
    }

    /// <summary>Connects; over TLS with that protocol if the address says https, whatever certificate the server shows.</summary>
    public static async Task<(TcpClient Client, Stream Stream)> ConnectAsync(
        Uri address, SslApplicationProtocol protocol, IPAddress? from = null)
    {
        TcpClient client = from is null ? new() : new(new IPEndPoint(from, 0));
        client.NoDelay = true;
        await client.ConnectAsync(address.Host, address.Port).WaitAsync(Patience);
        if (address.Scheme != Uri.UriSchemeHttps)
        {
            return (client, client.GetStream());
        }

        SslStream tls = new(client.GetStream());
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = address.Host,
            ApplicationProtocols = [protocol],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => TestCertificate.IsOurs(certificate),
        };
        await tls.AuthenticateAsClientAsync(options).WaitAsync(Patience);
        return (client, tls);
    }

    /// <summary>Waits, in real time, until what was sent and not read has come to a stand: there is no more room on the way.</summary>
    public async Task WaitUntilFullAsync()
    {
        const int Enough = 20;
        for ((int here, int same, int tries) = (0, 0, 0); same < Enough; tries++)
        {
            Assert.True(tries < 2000, "more and more comes");
            await Task.Delay(5);
            same = _client.Available > 0 && _client.Available == here ? same + 1 : 0;
            here = _client.Available;
        }
    }

    /// <summary>Writes text, as UTF-8.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>Writes a request of HTTP/1.1 with Host, the given lines of header, and Content-Length where there is a body.</summary>
    public Task SendRequestAsync(string method, string target, string[]? header = null, string? body = null)
    {
        string[] length = body is null ? [] : [$"Content-Length: {Encoding.UTF8.GetByteCount(body)}"];
        string[] lines = [$"{method} {target} HTTP/1.1", "Host: localhost", .. header ?? [], .. length];
        return SendAsync($"{string.Join("\r\n", lines)}\r\n\r\n{body}");
    }

    /// <summary>Reads the next response, interim or final.</summary>
    /// <param name="toHead">Whether it answers a HEAD, so that no body follows its Content-Length.</param>
    public async Task<RawResponse> ReadAsync(bool toHead = false)
    {
        string statusLine = await ReadLineAsync();
        Assert.Matches("^HTTP/1\\.1 [1-5][0-9][0-9] ", statusLine + " ");
        List<KeyValuePair<string, string>> fields = [];
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            Assert.True(colon > 0, $"not a header field: {line}");
            fields.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }

        RawResponse head = new(statusLine, fields, []);
        return toHead || head.IsInterim || head.Status is 204 or 304 ? head : head with { Body = await ReadBodyAsync(head) };
    }

    /// <summary>Reads the first line of a response, where what follows it is none.</summary>
    public Task<string> ReadStatusLineAsync() => ReadLineAsync();

    /// <summary>Reads all interim responses and the final one.</summary>
    public async Task<(IReadOnlyList<RawResponse> Interim, RawResponse Final)> ReadFinalAsync(bool toHead = false)
    {
        List<RawResponse> interim = [];
        RawResponse response = await ReadAsync(toHead);
        while (response.IsInterim)
        {
            interim.Add(response);
            response = await ReadAsync(toHead);
        }

        return (interim, response);
    }

    /// <summary>Reads the next chunk of a body whose head was read alone; empty at its end (RFC 9112 7.1).</summary>
    public async Task<string> ReadChunkAsync()
    {
        int size = Convert.ToInt32((await ReadLineAsync()).Split(';')[0], 16);
        byte[] chunk = await ReadBytesAsync(size);
        Assert.Equal("", await ReadLineAsync());
        return Encoding.UTF8.GetString(chunk);
    }

    /// <summary>Reads all that is left of a body in chunks.</summary>
    public async Task<string> ReadChunksToEndAsync() => Encoding.UTF8.GetString(await ReadChunksAsync());

    /// <summary>Whether the server closes the connection without another byte; waits for one or the other.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return _begin == _end && await FillAsync() == 0;
        }
        catch (IOException)
        {
            return true; // a reset is an end, too
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task<byte[]> ReadBodyAsync(RawResponse head)
    {
        if (head["Transfer-Encoding"] is { } coding)
        {
            Assert.Equal("chunked", coding);
            return await ReadChunksAsync();
        }

        if (head["Content-Length"] is { } length)
        {
            return await ReadBytesAsync(int.Parse(length));
        }

        List<byte> all = []; // neither: until the server closes
        while (_begin < _end || await FillAsync() > 0)
        {
            all.AddRange(_buffer[_begin.._end]);
            _begin = _end;
        }

        return [.. all];
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        List<byte> body = [];
        while (true)
        {
            int size = Convert.ToInt32((await ReadLineAsync()).Split(';')[0], 16);
            body.AddRange(await ReadBytesAsync(size));
            Assert.Equal("", await ReadLineAsync());
            if (size == 0)
            {
                return [.. body];
            }
        }
    }

    /// <summary>Reads just so many bytes of a body whose head was read alone.</summary>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            await NeedAsync();
            int some = Math.Min(count - done, _end - _begin);
            Array.Copy(_buffer, _begin, bytes, done, some);
            _begin += some;
            done += some;
        }

        return bytes;
    }

    private async Task<string> ReadLineAsync()
    {
        List<byte> line = [];
        while (true)
        {
            await NeedAsync();
            byte next = _buffer[_begin++];
            if (next == '\n')
            {
                Assert.True(line.Count > 0 && line[^1] == '\r', $"a line without CR: {Encoding.Latin1.GetString([.. line])}");
                return Encoding.Latin1.GetString([.. line], 0, line.Count - 1);
            }

            line.Add(next);
        }
    }

    private async Task NeedAsync()
    {
        if (_begin == _end && await FillAsync() == 0)
        {
            throw new EndOfStreamException("The server closed the connection in the middle of a response.");
        }
    }

    private async Task<int> FillAsync()
    {
        int count = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(Patience);
        _begin = 0;
        _end = count;
        return count;
    }
}
