using System.Buffers;

namespace WebDav.Protocol.Headers;

/// <summary>The parts of RFC 3986 that WebDAV's own header fields are made of.</summary>
internal static class UriText
{
    // Visible ASCII without the characters that RFC 3986 leaves no place for, and without '#': an absolute-URI has no fragment (4.3).
    private static readonly SearchValues<char> UriCharacters = SearchValues.Create(
        "!$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~");

    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create(
        "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether the text is a scheme (RFC 3986 3.1).</summary>
    public static bool IsScheme(ReadOnlySpan<char> text) =>
        !text.IsEmpty && char.IsAsciiLetter(text[0]) && !text.ContainsAnyExcept(SchemeCharacters);

    /// <summary>Whether the text is an absolute URI (RFC 3986 4.3), as lock tokens are (RFC 4918 6.5).</summary>
    public static bool IsAbsolute(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && IsScheme(text[..colon]) && !text.ContainsAnyExcept(UriCharacters);
    }
}
