using Microsoft.AspNetCore.Http;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>
/// Keeps the pages of other origins from changing anything: browsers send a user's credentials along with what such a page asks for,
/// and ask nobody first for a POST or a WebSocket (RFC 6455 10.2). Programs that are no browsers say nothing of an origin.
/// </summary>
internal sealed class OriginCheck(WebDavOptions options)
{
    private static readonly DavFault Foreign = new(403, "the page of another origin may not change anything here");

    /// <summary>Refuses a request that changes something, or may, for a page of another origin; null for all others.</summary>
    public DavFault? RefuseChange(HttpContext context) =>
        context.Request.Method is "GET" or "HEAD" or "OPTIONS" or "PROPFIND" ? null : Refuse(context);

    /// <summary>Refuses whatever the page of another origin asks for; null for all others.</summary>
    public DavFault? Refuse(HttpContext context)
    {
        // The browser's own word, which no page can forge, and which holds behind a proxy that changes Host, too.
        string? site = context.Request.Headers["Sec-Fetch-Site"];
        if (site is "same-origin" or "none")
        {
            return null;
        }

        return (string?)context.Request.Headers.Origin is { } origin
            ? IsAllowed(origin) || IsOwn(origin, PublicAddress.Of(context, options)) ? null : Foreign
            : site is null ? null : Foreign;
    }

    // Everybody's pages come without what the browser keeps: it does not send it where the answer to its preflight is for all.
    private bool IsAllowed(string origin) =>
        options.CorsOrigins.Any(allowed => allowed == "*" || allowed.Equals(origin, StringComparison.OrdinalIgnoreCase));

    private static bool IsOwn(string origin, RequestAuthority own) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && HostAndPort.TryParse(page.Authority, out var theirs) && own.IsNamed(theirs);
}
