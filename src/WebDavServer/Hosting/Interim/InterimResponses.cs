using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using WebDav.Handlers;
using WebDav.Progress;

namespace WebDavServer.Hosting.Interim;

/// <summary>Interim responses over Kestrel, which has no call for them: they are written to the connection's own output.</summary>
internal sealed class InterimResponses : IInterimResponses
{
    /// <inheritdoc/>
    /// <remarks>HTTP/1.0 knows no interim responses (RFC 9110 15.2); HTTP/2 would need a frame and not a line of text.</remarks>
    public IInterimResponse? For(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) && !context.Response.HasStarted && OutputOf(context) is { } output
            ? new Http11InterimResponse(context, output)
            : null;

    // While a request is served, the connection's transport is the one that Kestrel's HTTP layer writes to: under TLS it is the
    // encrypting one, as the TLS middleware has put itself in the place of the socket's (a test over TLS holds this).
    private static PipeWriter? OutputOf(HttpContext context) => context.Features.Get<IConnectionTransportFeature>()?.Transport.Output;
}
