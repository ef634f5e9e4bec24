using System.Buffers;

namespace WebDavServer.Hosting.Interim;

/// <summary>What a field of an interim response may hold, so that none can become another line or another field.</summary>
internal static class InterimFields
{
    // RFC 9110 5.6.2: token.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // RFC 9110 5.5: printable ASCII is what every recipient reads alike.
    private static readonly SearchValues<char> Text = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    /// <summary>Refuses a field that is not a token and printable ASCII.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Check(string name, string value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token))
        {
            throw new ArgumentException("The name of a field of an interim response is no token.", nameof(name));
        }

        if (value.AsSpan().ContainsAnyExcept(Text))
        {
            throw new ArgumentException("A field of an interim response holds more than printable ASCII.", nameof(value));
        }
    }
}
