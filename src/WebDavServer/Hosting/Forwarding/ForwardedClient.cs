using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using WebDav.Protocol.Headers;

namespace WebDavServer.Hosting.Forwarding;

/// <summary>What trusted proxies say of a request, put together from the nearest outwards.</summary>
internal sealed class ForwardedClient
{
    // Of what RFC 3986 3.2.2 leaves open, what names and addresses are made of: the rest is no use but to confuse who reads it next.
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz");

    private readonly List<string> _notUnderstood = [];

    private ForwardedClient()
    {
    }

    /// <summary>The nearest address that is no trusted proxy's; null if none was told.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary><c>http</c> or <c>https</c>; null if it was not told.</summary>
    public string? Scheme { get; private set; }

    /// <summary>The host and port; null if they were not told.</summary>
    public string? Host { get; private set; }

    /// <summary>What was taken away from the front of the path, encoded, without trailing slash; often empty.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>The values that could not be understood and are ignored.</summary>
    public IReadOnlyList<string> NotUnderstood => _notUnderstood;

    /// <summary>Follows the proxies as long as they are trusted.</summary>
    /// <param name="elements">What each says, the nearest first; that one is trusted.</param>
    /// <param name="trusted">Whether a proxy with an address is trusted, too.</param>
    public static ForwardedClient Of(IEnumerable<ForwardedElement> elements, Func<IPAddress, bool> trusted)
    {
        ForwardedClient client = new();
        foreach (ForwardedElement element in elements)
        {
            client.Take(element);

            // What stands before an address that is not trusted, or not known, was written by anybody.
            if (!client.TryRead(element.For, out IPAddress? address))
            {
                break;
            }

            client.Address = address;
            if (!trusted(address))
            {
                break;
            }
        }

        return client;
    }

    private void Take(ForwardedElement element)
    {
        Scheme = element.Proto?.ToLowerInvariant() is { } scheme && Understood(scheme is "http" or "https", element.Proto) ? scheme : Scheme;
        Host = element.Host is { } host && Understood(IsHost(host), host) ? host : Host;
        if (element.Prefix is { } text && Understood(UrlPrefix.TryParse(text, out string prefix, out _), text))
        {
            Prefix = prefix + Prefix; // the outer one was taken away first
        }
    }

    private bool TryRead(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text is null || text.StartsWith('_') || text.Equals("unknown", StringComparison.OrdinalIgnoreCase))
        {
            return false; // RFC 7239 6.2 and 6.3: a proxy that does not tell
        }

        // IPEndPoint takes 127.1 and 010.0.0.1 as the old C library does; no proxy writes that.
        bool understood = IPEndPoint.TryParse(text, out IPEndPoint? end)
            && (text.Count(character => character == ':') > 1 || text.StartsWith(end.Address.ToString(), StringComparison.Ordinal));
        address = understood ? end!.Address : null;
        return Understood(understood, text);
    }

    private static bool IsHost(string text) => !text.AsSpan().ContainsAnyExcept(HostCharacters) && HostAndPort.TryParse(text, out _);

    private bool Understood(bool understood, string text)
    {
        if (!understood)
        {
            _notUnderstood.Add(text);
        }

        return understood;
    }
}
