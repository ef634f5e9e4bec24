using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>PUT (RFC 9110 9.3.4, RFC 4918 9.7), of a whole file or, with <c>Content-Range</c>, of a part of one (RFC 9110 14.5).</summary>
internal sealed class PutHandler(ContentUpdate update) : IMethodHandler
{
    public ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation) =>
        update.RunAsync(request, ContentRangeHeader.Parse(request.Headers.ContentRange), cancellation);
}
