using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using WebDav.Handlers;
using WebDav.Progress;

namespace WebDavServer.Hosting.Interim;

/// <summary>Interim responses over Kestrel, which has no call for them: they are written to the connection's own output.</summary>
internal sealed class InterimResponses : IInterimResponses
{
    /// <inheritdoc/>
    /// <remarks>
    /// HTTP/1.0 knows no interim responses (RFC 9110 15.2). HTTP/3 has none here: its streams are written by QUIC and not by a pipe
    /// that could be reached.
    /// </remarks>
    public IInterimResponse? For(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            return null;
        }

        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            return OutputOf(context) is { } output ? new Http11InterimResponse(context, output) : null;
        }

        return HttpProtocol.IsHttp2(context.Request.Protocol)
            && context.Features.Get<Http2Output>() is { } frames
            && context.Features.Get<IHttp2StreamIdFeature>() is { } stream
                ? new Http2InterimResponse(context, frames, stream.StreamId)
                : null;
    }

    // While a request is served, the connection's transport is the one that Kestrel's HTTP layer writes to: under TLS it is the
    // encrypting one, as the TLS middleware has put itself in the place of the socket's (a test over TLS holds this).
    private static PipeWriter? OutputOf(HttpContext context) => context.Features.Get<IConnectionTransportFeature>()?.Transport.Output;
}
