using Microsoft.AspNetCore.Http;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>What clients know the server by: the address of a proxy in front, if there is one.</summary>
internal static class PublicAddress
{
    /// <summary>The address that a request was sent to, as its client wrote it.</summary>
    public static RequestAuthority Of(HttpContext context, WebDavOptions options)
    {
        var (scheme, host) = (context.Request.Scheme, context.Request.Host.Value ?? "");

        // A proxy that says its host may leave out the port, so both are listed here, where a name without one stands for any.
        return context.Features.Get<ProxyHop>() is { } hop
            ? new RequestAuthority(scheme, host, hop.Prefix + options.PathBase, [host, hop.Host, .. options.HostNames])
            : new RequestAuthority(scheme, host, options.PathBase, options.HostNames);
    }
}
