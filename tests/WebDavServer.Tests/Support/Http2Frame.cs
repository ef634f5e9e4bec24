namespace WebDavServer.Tests.Support;

/// <summary>One frame of HTTP/2 as it came over the connection (RFC 9113 4.1).</summary>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte Data = 0x0;
    public const byte Headers = 0x1;
    public const byte ResetStream = 0x3;
    public const byte Settings = 0x4;
    public const byte Ping = 0x6;
    public const byte GoAway = 0x7;
    public const byte WindowUpdate = 0x8;
    public const byte Continuation = 0x9;

    /// <summary>Whether the stream's last frame of the sender is this (DATA and HEADERS).</summary>
    public bool EndsStream => Type is Data or Headers && (Flags & 0x1) != 0;

    /// <summary>Whether the field block is whole with it (HEADERS and CONTINUATION).</summary>
    public bool EndsHeaders => (Flags & 0x4) != 0;

    /// <summary>Whether it acknowledges (SETTINGS and PING).</summary>
    public bool IsAnswer => (Flags & 0x1) != 0;

    /// <summary>The bytes of a frame.</summary>
    public static byte[] Write(byte type, byte flags, int stream, ReadOnlySpan<byte> payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    /// <summary>Reads one frame; null at the end of the connection.</summary>
    public static async Task<Http2Frame?> ReadAsync(Stream stream)
    {
        byte[] head = new byte[9];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) < head.Length)
        {
            return null;
        }

        byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await stream.ReadExactlyAsync(payload);
        return new(head[3], head[4], ((head[5] & 0x7f) << 24) | (head[6] << 16) | (head[7] << 8) | head[8], payload);
    }
}
