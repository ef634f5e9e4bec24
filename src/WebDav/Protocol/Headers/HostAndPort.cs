using System.Buffers;
using System.Globalization;

namespace WebDav.Protocol.Headers;

/// <summary>The host and port of a URI or a <c>Host</c> field (RFC 3986 3.2).</summary>
internal readonly ref struct HostAndPort
{
    // Delimiters of the other parts of a URI, and white space.
    private static readonly SearchValues<char> NotInHost = SearchValues.Create("/?#@\\<>\" \t,");

    private HostAndPort(ReadOnlySpan<char> host, ushort? port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>Name, or address (IPv6 in its brackets).</summary>
    public ReadOnlySpan<char> Host { get; }

    /// <summary>Port; null when none was written.</summary>
    public ushort? Port { get; }

    /// <summary>Parses <c>host[:port]</c>; an empty port is the default one (RFC 3986 3.2.3).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out HostAndPort result)
    {
        result = default;
        ushort? port = null;
        var host = text;
        var colon = text.LastIndexOf(':');
        if (colon > text.LastIndexOf(']'))
        {
            host = text[..colon];
            var digits = text[(colon + 1)..];
            if (!digits.IsEmpty)
            {
                if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    return false;
                }

                port = number;
            }
        }

        if (host.IsEmpty || host.ContainsAny(NotInHost) || (host.Contains(':') && !IsBracketed(host)))
        {
            return false;
        }

        result = new HostAndPort(host, port);
        return true;
    }

    /// <summary>
    /// Whether both name the same server. The default ports of http and https count as one: the client may speak https to a proxy
    /// that speaks http to us, and either may or may not write the port.
    /// </summary>
    public bool SameAs(HostAndPort other) =>
        SameHostAs(other) && WithoutDefault(Port) == WithoutDefault(other.Port);

    /// <summary>Whether both have the same name, whatever the ports.</summary>
    public bool SameHostAs(HostAndPort other) => Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    private static ushort? WithoutDefault(ushort? port) => port is 80 or 443 ? null : port;

    private static bool IsBracketed(ReadOnlySpan<char> host) => host[0] == '[' && host[^1] == ']';
}
