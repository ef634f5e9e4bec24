using System.Buffers.Binary;

namespace WebDavServer.Hosting.Interim;

/// <summary>
/// Follows the frames that an HTTP/2 server writes (RFC 9113 4.1), in pieces of any size: whether another frame can stand behind what
/// was written, and on which streams the final response has begun or never will. Of a payload it reads at most five bytes.
/// </summary>
/// <param name="over">Called with the stream that can be sent no interim response any more.</param>
internal sealed class Http2FrameScanner(Action<int> over)
{
    /// <summary>The length of a frame's head.</summary>
    public const int HeadLength = 9;

    /// <summary>HEADERS (RFC 9113 6.2).</summary>
    public const byte Headers = 0x1;

    /// <summary>The flag END_HEADERS: no CONTINUATION follows.</summary>
    public const byte EndHeaders = 0x4;

    private const byte ResetStream = 0x3;
    private const byte PushPromise = 0x5;
    private const byte Continuation = 0x9;
    private const int InterimLength = 5;

    private readonly byte[] _head = new byte[HeadLength + InterimLength];
    private int _collected;
    private int _wanted = HeadLength;
    private int _payloadLeft;
    private bool _inFieldBlock;

    /// <summary>
    /// Whether another frame can follow: the last one is whole, and so is its field block. Nothing may stand between HEADERS and its
    /// CONTINUATIONs, not even a frame of another stream (RFC 9113 4.3).
    /// </summary>
    public bool IsAtBoundary => _payloadLeft == 0 && _collected == 0 && !_inFieldBlock;

    /// <summary>Reads what was written next.</summary>
    public void Read(ReadOnlySpan<byte> written)
    {
        while (written.Length > 0)
        {
            if (_payloadLeft > 0)
            {
                int skipped = Math.Min(_payloadLeft, written.Length);
                _payloadLeft -= skipped;
                written = written[skipped..];
                continue;
            }

            int taken = Math.Min(_wanted - _collected, written.Length);
            written[..taken].CopyTo(_head.AsSpan(_collected));
            _collected += taken;
            written = written[taken..];
            if (_collected == _wanted)
            {
                TakeHead();
            }
        }
    }

    private void TakeHead()
    {
        int length = (_head[0] << 16) | (_head[1] << 8) | _head[2];
        byte type = _head[3];
        if (type == Headers && length == InterimLength && _wanted == HeadLength)
        {
            _wanted += InterimLength; // It may be a 100, so the payload has to be seen, too.
            return;
        }

        if (type is Headers or PushPromise or Continuation)
        {
            _inFieldBlock = (_head[4] & EndHeaders) == 0;
        }

        if ((type == Headers && !IsInterim()) || type == ResetStream)
        {
            over(BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(5)) & int.MaxValue);
        }

        _payloadLeft = length - (_wanted - HeadLength);
        _collected = 0;
        _wanted = HeadLength;
    }

    // The server's own 100 (Continue): ":status" as literal without indexing, its value not in Huffman code (RFC 7541 6.2.2). Any
    // other form is taken for the final response, which at worst leaves out a 102.
    private bool IsInterim() => _wanted > HeadLength && _head.AsSpan(HeadLength).StartsWith((ReadOnlySpan<byte>)[0x08, 0x03, (byte)'1']);
}
