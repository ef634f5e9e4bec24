using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>Where operations are found: below the server's reserved name.</summary>
internal static class OperationLinks
{
    /// <summary>The page that lists them.</summary>
    public static DavPath Root { get; } = DavPath.Of(".webdav", "operations");

    /// <summary>An operation's own page, as an absolute-path reference.</summary>
    public static string Self(UrlSpace urls, Guid id) => $"{urls.Href(Root)}/{id:D}";
}
