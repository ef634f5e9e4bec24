namespace WebDav.Protocol;

/// <summary>How the URLs of a request and the resources they name belong together: only here is one made of the other.</summary>
/// <param name="Prefix">What comes before every path, as behind a reverse proxy: encoded, without trailing slash; often empty.</param>
/// <param name="Root">The collection that the user finds at the root of the URLs; for most, the served root.</param>
internal sealed record UrlSpace(string Prefix, DavPath Root)
{
    /// <summary>The served root at <c>/</c>.</summary>
    public static UrlSpace Whole { get; } = new("", DavPath.Root);

    /// <summary>The URL of a resource, as an absolute-path reference (RFC 4918 8.3). What lies outside the user's root is told as that root.</summary>
    /// <param name="path">The resource.</param>
    /// <param name="collection">Whether to end it in a slash (RFC 4918 5.2).</param>
    public string Href(DavPath path, bool collection = false) =>
        Root.IsRoot || ReservedName.Matches(path.FirstName) ? path.ToHref(Prefix, collection)
        : path.IsAtOrBelow(Root) ? path.Relocate(Root, DavPath.Root).ToHref(Prefix, collection)
        : DavPath.Root.ToHref(Prefix, collection: true);

    /// <summary>The resource that a path of a URL names; null for one that is not below the prefix.</summary>
    /// <remarks>
    /// Prefixes are compared as paths and not as text: <c>/d%61v</c> and <c>/x/../dav</c> are <c>/dav</c> too, and <c>/dav/../x</c> is
    /// not below it. The reserved name means the same to every user.
    /// </remarks>
    public DavPath? Resolve(DavPath url)
    {
        if (!DavPath.TryParse(Prefix.Length > 0 ? Prefix : "/", out var served, out _, out _) || !url.IsAtOrBelow(served))
        {
            return null;
        }

        var below = url.Relocate(served, DavPath.Root);
        return Root.IsRoot || ReservedName.Matches(below.FirstName) ? below : below.Relocate(DavPath.Root, Root);
    }
}
