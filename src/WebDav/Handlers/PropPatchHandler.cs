using WebDav.Preconditions;
using WebDav.Properties;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>PROPPATCH (RFC 4918 9.2).</summary>
internal sealed class PropPatchHandler(PreconditionGate gate, PropertyPatcher patcher) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        var instructions = PropertyUpdateBody.Parse(await request.Body.ReadXmlAsync(cancellation), request.Body.Limits.MaximumProperties);
        await using var admission = await gate.AdmitAsync(request.Gate, [WriteIntent.Resource(request.Path)], cancellation);
        return admission.IsGranted
            ? new DavResult.Patched(admission.Target!, await patcher.PatchAsync(admission.Target!, instructions, cancellation))
            : admission.ToResult();
    }
}
