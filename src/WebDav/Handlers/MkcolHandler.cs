using WebDav.Preconditions;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>MKCOL (RFC 4918 9.3).</summary>
internal sealed class MkcolHandler(IStore store, PreconditionGate gate, IDeadProperties properties) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        using var admission = await gate.AdmitAsync(
            request.Gate, [WriteIntent.Resource(request.Path), WriteIntent.Entering(request.Path)], cancellation);
        if (admission.Target is not null)
        {
            return new DavFault(405, "a resource exists there already (RFC 4918 9.3.1)");
        }

        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        await store.MakeCollectionAsync(request.Path, cancellation);
        await properties.DeleteAsync(request.Path, CancellationToken.None);
        return new DavResult.Done(201);
    }
}
