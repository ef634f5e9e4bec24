using System.Text;
using WebDav.Progress;

namespace WebDavServer.Hosting;

/// <summary>
/// Reads the field <c>Connection</c> so that the option <c>102-Processing</c> is still in it when a request is answered: Kestrel
/// replaces the whole field by <c>keep-alive</c> or <c>close</c> if that is the one option in it that it knows itself.
/// </summary>
/// <remarks>
/// Kestrel leaves the field alone if it knows none or several of its options. So <c>keep-alive</c>, which says nothing in HTTP/1.1, is
/// taken out, and <c>close</c>, which wins over it, gets it for company. Each line of the field is read alone: the option has to stand
/// in the line of the others.
/// </remarks>
internal sealed class ConnectionFieldEncoding : Encoding
{
    private static readonly ConnectionFieldEncoding Instance = new();
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ConnectionFieldEncoding()
    {
    }

    /// <summary>How a request's header field is decoded; null for Kestrel's own way.</summary>
    public static Encoding? For(string field) => field.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? Instance : null;

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => Strict.GetByteCount(chars, index, count);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Strict.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count)).Length;

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        string text = Decode(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(0, chars, charIndex, text.Length);
        return text.Length;
    }

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => Strict.GetMaxByteCount(charCount);

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => Strict.GetMaxCharCount(byteCount) + ", keep-alive".Length;

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        string text = Strict.GetString(bytes);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new DecoderFallbackException("A header field holds a NUL."); // answered with 400, as in any other field
        }

        if (!text.Contains(KeepAliveFacts.ConnectionOption, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        string[] options = [.. text.Split(',', StringSplitOptions.TrimEntries).Where(option => !IsOption(option, "keep-alive"))];
        string others = string.Join(", ", options);
        return Array.Exists(options, option => IsOption(option, "close")) ? $"{others}, keep-alive" : others;
    }

    private static bool IsOption(string option, string name) => option.Equals(name, StringComparison.OrdinalIgnoreCase);
}
