using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>PATCH (RFC 5789) with sabre/dav's partial updates: the body is the bytes of the part that <c>X-Update-Range</c> names.</summary>
internal sealed class PatchHandler(ContentUpdate update) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        if (!MediaType.Is(request.Headers.ContentType, MediaType.PartialUpdate))
        {
            return new DavFault(415, $"the only patches taken are {MediaType.PartialUpdate} (RFC 5789 2.2)");
        }

        var place = UpdateRangeHeader.Parse(request.Headers["X-Update-Range"]);
        return request.Body.Length is null && place.Length is null
            ? new DavFault(411, "Content-Length is missing, and X-Update-Range does not say how long the part is")
            : await update.RunAsync(request, place, cancellation);
    }
}
