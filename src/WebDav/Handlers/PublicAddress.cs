using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>What clients know the server by: the address of a proxy in front, if there is one.</summary>
internal static class PublicAddress
{
    /// <summary>The URLs as clients write them, before a proxy takes its prefix away.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="urls">The URLs as this server is asked for them.</param>
    public static UrlSpace UrlsOf(HttpContext context, UrlSpace urls) =>
        context.Features.Get<ProxyHop>() is { } hop ? urls with { Prefix = hop.Prefix + urls.Prefix } : urls;

    /// <summary>The address that a request was sent to, as its client wrote it.</summary>
    public static RequestAuthority Of(HttpContext context, WebDavOptions options)
    {
        var (scheme, host) = (context.Request.Scheme, context.Request.Host.Value ?? "");

        // A proxy that says its host may leave out the port, so both are listed here, where a name without one stands for any.
        IReadOnlyList<string> others = context.Features.Get<ProxyHop>() is { } hop ? [host, hop.Host, .. options.HostNames] : options.HostNames;
        return new RequestAuthority(scheme, host, context.Features.GetRequiredFeature<UrlSpace>(), others);
    }
}
