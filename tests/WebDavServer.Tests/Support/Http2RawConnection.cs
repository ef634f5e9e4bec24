using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace WebDavServer.Tests.Support;

/// <summary>
/// An HTTP/2 connection whose frames a test sees one by one. What a client must be able to rely on is asserted of every frame: whole
/// frames, nothing between HEADERS and its CONTINUATIONs, no interim response behind a final one, and nothing behind the end of a stream.
/// </summary>
internal sealed class Http2RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly Uri _address;
    private readonly Dictionary<int, Http2Response> _responses = [];
    private readonly SemaphoreSlim _sending = new(1);
    private Http2Frame? _openBlock;
    private int _nextStream = 1;

    private Http2RawConnection(TcpClient client, Stream stream, Uri address)
    {
        _client = client;
        _stream = stream;
        _address = address;
    }

    /// <summary>The decoder of what the server sends.</summary>
    public HpackReader Hpack { get; } = new();

    /// <summary>How many field blocks came that needed more than one frame.</summary>
    public int LongFieldBlocks { get; private set; }

    /// <summary>Whether every frame of DATA is answered with WINDOW_UPDATE, so that the server can go on.</summary>
    public bool OpensWindow { get; init; } = true;

    /// <summary>Connects: by ALPN if the address says https, else with prior knowledge (RFC 9113 3.3).</summary>
    /// <param name="address">The server's.</param>
    /// <param name="window">The initial window of each stream.</param>
    /// <param name="opensWindow">Whether windows are opened again as DATA comes.</param>
    public static async Task<Http2RawConnection> OpenAsync(Uri address, int window = 65535, bool opensWindow = true)
    {
        (TcpClient client, Stream stream) = await RawConnection.ConnectAsync(address, SslApplicationProtocol.Http2);
        Http2RawConnection connection = new(client, stream, address) { OpensWindow = opensWindow };
        byte[] settings = new byte[6];
        settings[1] = 0x4; // SETTINGS_INITIAL_WINDOW_SIZE
        BinaryPrimitives.WriteInt32BigEndian(settings.AsSpan(2), window);
        await connection.SendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Http2Frame.Write(Http2Frame.Settings, 0, 0, settings)]);
        return connection;
    }

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        await _sending.WaitAsync();
        try
        {
            await _stream.WriteAsync(bytes).AsTask().WaitAsync(RawConnection.Patience);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends a request without body; returns its stream.</summary>
    public async Task<int> SendRequestAsync(string method, string path, bool hasBody = false, params (string Name, string Value)[] fields)
    {
        int stream = _nextStream;
        _nextStream += 2;
        _responses.Add(stream, new());
        List<byte> block = [];
        (string Name, string Value)[] all = [(":method", method), (":scheme", _address.Scheme), (":path", path), (":authority", "localhost"), .. fields];
        foreach ((string name, string value) in all)
        {
            block.AddRange([0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        }

        await SendAsync(Http2Frame.Write(Http2Frame.Headers, (byte)(hasBody ? 0x4 : 0x5), stream, [.. block]));
        return stream;
    }

    /// <summary>What came on a stream so far.</summary>
    public Http2Response Response(int stream) => _responses[stream];

    /// <summary>Reads one frame and takes it to its stream; null at the end of the connection.</summary>
    public async Task<Http2Frame?> ReadAsync()
    {
        Http2Frame? frame = await Http2Frame.ReadAsync(_stream).WaitAsync(RawConnection.Patience);
        if (frame is not null)
        {
            await TakeAsync(frame);
        }

        return frame;
    }

    /// <summary>Reads until that holds.</summary>
    public async Task ReadUntilAsync(Func<bool> enough)
    {
        while (!enough())
        {
            Assert.True(await ReadAsync() is not null, "the server closed the connection");
        }
    }

    /// <summary>Reads until a stream has ended.</summary>
    public async Task<Http2Response> ReadResponseAsync(int stream)
    {
        await ReadUntilAsync(() => Response(stream).HasEnded);
        return Response(stream);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _sending.Dispose();
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task TakeAsync(Http2Frame frame)
    {
        if (_openBlock is { } open)
        {
            Assert.Equal((Http2Frame.Continuation, open.Stream), (frame.Type, frame.Stream)); // RFC 9113 4.3
        }

        switch (frame.Type)
        {
            case Http2Frame.Headers:
                Assert.Equal(0, frame.Flags & ~0x5); // neither padded nor with a priority
                TakeHeaders(frame);
                break;
            case Http2Frame.Continuation:
                Assert.NotNull(_openBlock);
                TakeHeaders(_openBlock with { Flags = (byte)(_openBlock.Flags | frame.Flags), Payload = [.. _openBlock.Payload, .. frame.Payload] });
                break;
            case Http2Frame.Data:
                await TakeDataAsync(frame);
                break;
            case Http2Frame.Settings when !frame.IsAnswer:
                await SendAsync(Http2Frame.Write(Http2Frame.Settings, 0x1, 0, []));
                break;
            case Http2Frame.ResetStream or Http2Frame.GoAway:
                Assert.Fail($"the server sent {frame}: {Convert.ToHexString(frame.Payload)}");
                break;
            default:
                Assert.Contains(frame.Type, new[] { Http2Frame.Settings, Http2Frame.WindowUpdate, Http2Frame.Ping });
                break;
        }
    }

    private void TakeHeaders(Http2Frame frame)
    {
        LongFieldBlocks += _openBlock is not null && frame.EndsHeaders ? 1 : 0;
        _openBlock = frame.EndsHeaders ? null : frame;
        if (!frame.EndsHeaders)
        {
            return;
        }

        List<KeyValuePair<string, string>> fields = Hpack.Read(frame.Payload);
        Http2Response response = Response(frame.Stream);
        Assert.Null(response.Fields); // neither a second final response nor an interim one behind it
        if (Http2Response.Value(fields, ":status")!.StartsWith('1'))
        {
            Assert.False(frame.EndsStream);
            response.Interim.Add(fields);
            return;
        }

        response.Fields = fields;
        response.HasEnded = frame.EndsStream;
    }

    private async Task TakeDataAsync(Http2Frame frame)
    {
        Http2Response response = Response(frame.Stream);
        Assert.NotNull(response.Fields);
        Assert.False(response.HasEnded);
        response.BodyLength += frame.Payload.Length;
        response.HasEnded = frame.EndsStream;
        if (OpensWindow && frame.Payload.Length > 0)
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, frame.Payload.Length);
            await SendAsync([.. Http2Frame.Write(Http2Frame.WindowUpdate, 0, 0, length), .. Http2Frame.Write(Http2Frame.WindowUpdate, 0, frame.Stream, length)]);
        }
    }
}
