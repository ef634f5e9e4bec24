using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace WebDavServer.Hosting.Interim;

/// <summary>
/// <c>102 Processing</c> as one HEADERS frame (RFC 9113 6.2, 8.1) without END_STREAM, as the final response follows. Every field is a
/// literal without indexing (RFC 7541 6.2.2), so that the compression state that Kestrel shares with the client stays as it is.
/// </summary>
internal static class Http2InterimFrame
{
    // The least that every client must take in one frame (RFC 9113 4.2).
    private const int LongestPayload = 16 * 1024;

    // RFC 9113 8.2.2: what is about an HTTP/1.1 connection makes a response of HTTP/2 malformed.
    private static readonly string[] OfConnections = ["connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"];

    /// <summary>The frame.</summary>
    /// <param name="stream">The stream of the request.</param>
    /// <param name="fields">Header fields to send with it.</param>
    /// <exception cref="ArgumentException">A field that HTTP/2 does not allow, or more than fits into one frame.</exception>
    public static byte[] Of(int stream, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        ArrayBufferWriter<byte> frame = new(64);
        frame.Advance(Http2FrameScanner.HeadLength); // written last, when the length is known
        Write(frame, [0x08, 0x03, (byte)'1', (byte)'0', (byte)'2']); // static table 8 is ":status" (RFC 7541 Appendix A)
        foreach ((string name, string value) in fields)
        {
            Append(frame, name, value);
        }

        byte[] bytes = frame.WrittenSpan.ToArray();
        int length = bytes.Length - Http2FrameScanner.HeadLength;
        if (length > LongestPayload)
        {
            throw new ArgumentException("The fields of an interim response are too long for one frame.", nameof(fields));
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes, (length << 8) | Http2FrameScanner.Headers);
        bytes[4] = Http2FrameScanner.EndHeaders;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), stream);
        return bytes;
    }

    private static void Append(ArrayBufferWriter<byte> frame, string name, string value)
    {
        InterimFields.Check(name, value);
        if (OfConnections.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"{name} is not for HTTP/2 (RFC 9113 8.2.2).", nameof(name));
        }

        Write(frame, [0x00]);
        Append(frame, name.ToLowerInvariant()); // RFC 9113 8.2
        Append(frame, value.Trim(' ')); // RFC 9113 8.2.1: no white space around it
    }

    private static void Write(ArrayBufferWriter<byte> frame, ReadOnlySpan<byte> bytes) => frame.Write(bytes);

    /// <summary>A string that is not in Huffman code (RFC 7541 5.2), its length as an integer with a prefix of 7 bits (5.1).</summary>
    private static void Append(ArrayBufferWriter<byte> frame, string text)
    {
        int rest = text.Length;
        if (rest < 127)
        {
            Write(frame, [(byte)rest]);
        }
        else
        {
            Write(frame, [127]);
            for (rest -= 127; rest >= 128; rest >>= 7)
            {
                Write(frame, [(byte)(rest | 128)]);
            }

            Write(frame, [(byte)rest]);
        }

        Encoding.ASCII.GetBytes(text, frame);
    }
}
