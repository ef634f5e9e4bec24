namespace WebDav.Handlers;

/// <summary>
/// The types of files in which a browser runs scripts when it shows them. One that a user has put here must not run as if it were
/// the server's own page: it would have the credentials of whoever opens it.
/// </summary>
internal static class ActiveContent
{
    /// <summary>
    /// The policy it is sent with (Content Security Policy 3, 6.3.3): it is shown, but without scripts and forms, and in an origin of its own.
    /// </summary>
    public const string Policy = "sandbox";

    private static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        "text/html",
        "text/xml", // with a style sheet of XSLT, or elements of XHTML, it is a page
        "application/xml",
        "text/x-component",
        "message/rfc822", // .mht, .mhtml and .eml: a whole page in one file
        "multipart/related",
    };

    /// <summary>Whether a type, without parameters, is one of them; each dialect of XML is (RFC 6839 3.1), such as SVG and XHTML.</summary>
    public static bool Includes(string type) => Types.Contains(type) || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);
}
