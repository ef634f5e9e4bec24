using WebDav.Preconditions;

namespace WebDav.Handlers;

/// <summary>OPTIONS (RFC 9110 9.3.7, RFC 4918 10.1). <c>OPTIONS *</c> never comes this far: it names no resource.</summary>
internal sealed class OptionsHandler(PreconditionGate gate) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        using var admission = await gate.CheckAsync(request.Gate, [], cancellation);
        return admission.IsGranted
            ? new DavResult.Options(MethodTable.Allow(admission.Target), CanBePatched: admission.Target is { IsCollection: false })
            : admission.ToResult();
    }
}
