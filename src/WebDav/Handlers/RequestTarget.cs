using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>The resource that a request line names (RFC 9112 3.2), parsed by the server's one path decoder from the bytes that were sent.</summary>
/// <param name="Path">The resource.</param>
/// <param name="TrailingSlash">Whether the URL ended in a slash.</param>
internal readonly record struct RequestTarget(DavPath Path, bool TrailingSlash)
{
    /// <summary>Parses an origin-form or absolute-form target.</summary>
    /// <param name="raw">The target as it was sent.</param>
    /// <param name="urls">How URLs name resources.</param>
    /// <exception cref="DavFaultException">400 for what cannot be a path, 404 for what lies outside the prefix.</exception>
    public static RequestTarget Parse(string raw, UrlSpace urls)
    {
        var text = raw.AsSpan();
        if (text.IndexOf("://") is var scheme and > 0 && text[0] != '/')
        {
            var authority = text[(scheme + 3)..];
            var slash = authority.IndexOf('/');
            text = slash < 0 ? "/" : authority[slash..];
        }

        var query = text.IndexOf('?');
        text = query < 0 ? text : text[..query];
        if (!DavPath.TryParse(text, out var parsed, out var trailingSlash, out var error))
        {
            throw DavFaultException.BadRequest($"the request target cannot be understood: {error}");
        }

        return urls.Resolve(parsed) is { } path
            ? new RequestTarget(path, trailingSlash)
            : throw new DavFaultException(new DavFault(404, $"everything here is below {urls.Prefix}/"));
    }
}
