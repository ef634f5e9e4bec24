using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>The resource that a request line names (RFC 9112 3.2), parsed by the server's one path decoder from the bytes that were sent.</summary>
/// <param name="Path">The resource.</param>
/// <param name="TrailingSlash">Whether the URL ended in a slash.</param>
internal readonly record struct RequestTarget(DavPath Path, bool TrailingSlash)
{
    /// <summary>Parses an origin-form or absolute-form target.</summary>
    /// <param name="raw">The target as it was sent.</param>
    /// <param name="pathBase">The prefix that belongs to the server and not to the resource; often empty.</param>
    /// <exception cref="DavFaultException">400 for what cannot be a path, 404 for what lies outside the prefix.</exception>
    public static RequestTarget Parse(string raw, string pathBase)
    {
        var path = raw.AsSpan();
        if (path.IndexOf("://") is var scheme and > 0 && path[0] != '/')
        {
            var authority = path[(scheme + 3)..];
            var slash = authority.IndexOf('/');
            path = slash < 0 ? "/" : authority[slash..];
        }

        var query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        if (!DavPath.TryParse(path, out var parsed, out var trailingSlash, out var error))
        {
            throw DavFaultException.BadRequest($"the request target cannot be understood: {error}");
        }

        // Compared as paths and not as text, as Destination is: /d%61v and /x/../dav are /dav too, and /dav/../x is not below it.
        return DavPath.TryParse(pathBase.Length > 0 ? pathBase : "/", out var served, out _, out _) && parsed.IsAtOrBelow(served)
            ? new RequestTarget(parsed.Relocate(served, DavPath.Root), trailingSlash)
            : throw new DavFaultException(new DavFault(404, $"everything here is below {pathBase}/"));
    }
}
