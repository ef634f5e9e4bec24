using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WebDav.Handlers;

namespace WebDavServer.Hosting.Stalling;

/// <summary>
/// Ends a request whose client has stopped in the middle of a body: one that sends nothing is answered 408, one that takes nothing is
/// broken off, as there is no other way to tell it. Either would hold a file, memory and a connection for as long as it likes.
/// </summary>
internal sealed class StalledClients(RequestDelegate next, ConnectionLimits limits, TimeProvider time)
{
    /// <summary>Lets the request be answered.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        IFeatureCollection features = context.Features;
        using BoundedBodies bodies = new(
            features.GetRequiredFeature<IRequestBodyPipeFeature>(),
            features.GetRequiredFeature<IHttpResponseBodyFeature>(),
            limits.BodyTimeout,
            time,
            takesNothing: () =>
            {
                features.GetRequiredFeature<RequestReport>().Reason = $"the client took nothing of the answer for {limits.BodyTimeout} (Limits:BodyTimeout)";
                context.Abort();
            });
        features.Set<IRequestBodyPipeFeature>(bodies);
        features.Set<IHttpResponseBodyFeature>(bodies);
        await next(context);
    }
}
