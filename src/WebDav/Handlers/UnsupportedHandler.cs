using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>Methods that exist, but that no resource here has: 405 and not 501 (RFC 9110 15.5.6, 15.6.2).</summary>
internal sealed class UnsupportedHandler : IMethodHandler
{
    public ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation) =>
        ValueTask.FromResult<DavResult>(new DavFault(405, $"no resource here has the method {request.Method.Name}"));
}
