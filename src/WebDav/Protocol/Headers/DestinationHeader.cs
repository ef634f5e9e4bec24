using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Destination</c> header (RFC 4918 10.3): an absolute URI or an absolute path (8.3, <c>Simple-ref</c>).</summary>
/// <remarks>
/// <see cref="Uri"/> has no part in this: it decodes and normalises, so the path it gives is not the path that was sent, and two
/// decoders that disagree are how one file gets two names.
/// </remarks>
internal static class DestinationHeader
{
    // KDE's KIO 6 writes the scheme of its address bar, webdav or webdavs, where it means http or https.
    private static readonly string[] Schemes = ["http", "https", "webdav", "webdavs"];

    /// <summary>The place below the served root that the header names.</summary>
    /// <param name="values">The field's lines.</param>
    /// <param name="request">What the request was addressed to.</param>
    /// <exception cref="DavFaultException">
    /// 400: missing or malformed. 502: on another server or outside of what is served (RFC 4918 9.8.5).
    /// </exception>
    public static Destination Parse(StringValues values, RequestAuthority request)
    {
        var text = FieldValue.Single(values, "Destination");
        if (string.IsNullOrEmpty(text))
        {
            throw DavFaultException.BadRequest("Destination is missing");
        }

        var encoded = PathOf(text, request);
        if (encoded.IndexOfAny('?', '#') >= 0)
        {
            throw DavFaultException.BadRequest("Destination has a query or a fragment, which no resource here is named by");
        }

        if (!DavPath.TryParse(encoded, out var path, out var trailingSlash, out var error))
        {
            throw DavFaultException.BadRequest($"Destination: {error}");
        }

        return request.Urls.Resolve(path) is { } place
            ? new Destination(place, trailingSlash)
            : throw Elsewhere("Destination is outside of what this server serves");
    }

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> text, RequestAuthority request)
    {
        if (text[0] == '/')
        {
            // "//a/b" names the host a (RFC 3986 4.2) and is no Simple-ref; to take it for the path /a/b would be a guess.
            return text.StartsWith("//", StringComparison.Ordinal)
                ? throw DavFaultException.BadRequest("Destination starts with two slashes: it is neither a URI nor a path")
                : text;
        }

        var colon = text.IndexOf(':');
        if (colon < 0 || !UriText.IsScheme(text[..colon]))
        {
            throw DavFaultException.BadRequest("Destination is neither an absolute URI nor an absolute path");
        }

        if (!IsKnown(text[..colon]))
        {
            throw Elsewhere("Destination is not an http or https URI");
        }

        var rest = text[(colon + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            throw DavFaultException.BadRequest("Destination is an http URI without a host");
        }

        rest = rest[2..];
        var end = rest.IndexOfAny('/', '?', '#');
        CheckHost(end < 0 ? rest : rest[..end], request);
        return end < 0 ? "/" : rest[end..];
    }

    private static bool IsKnown(ReadOnlySpan<char> scheme)
    {
        foreach (var known in Schemes)
        {
            if (scheme.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckHost(ReadOnlySpan<char> authority, RequestAuthority request)
    {
        // Some clients repeat the user and password of the URL they were given. They say nothing about the place.
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        if (!HostAndPort.TryParse(authority, out var host))
        {
            throw DavFaultException.BadRequest("Destination has no valid host and port");
        }

        if (!request.IsNamed(host))
        {
            throw Elsewhere($"Destination is on another server than {request.Host}");
        }
    }

    private static DavFaultException Elsewhere(string reason) => new(new DavFault(502, reason));
}
