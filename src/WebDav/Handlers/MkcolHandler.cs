using WebDav.Preconditions;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>MKCOL (RFC 4918 9.3), and with a body the extended one, which sets properties, too: all of it or nothing (RFC 5689).</summary>
internal sealed class MkcolHandler(
    IStore store, PreconditionGate gate, IDeadProperties properties, PropertyPatcher patcher) : IMethodHandler
{
    private static readonly DavFault Exists = new(405, "a resource exists there already (RFC 4918 9.3.1)");

    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        var wanted = await ReadAsync(request, cancellation);
        await using var admission = await gate.AdmitAsync(
            request.Gate, [WriteIntent.Resource(request.Path), WriteIntent.Entering(request.Path)], cancellation);
        if (admission.Target is not null)
        {
            return Exists;
        }

        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var patch = patcher.PlanCollection(wanted ?? []);
        if (!patch.IsRefused)
        {
            try
            {
                await MakeAsync(request.Path, patch, cancellation);
            }
            catch (StoreException came) when (came.Fault == StoreFault.AlreadyExists)
            {
                return Exists; // another program has made it meanwhile
            }
        }

        return patch.IsRefused
            ? new DavResult.NotMade(patch.Outcomes)
            : new DavResult.Done(201) { Minimal = wanted is not null && request.Prefer.ReturnMinimal }; // RFC 8144 2.3
    }

    private static async ValueTask<IReadOnlyList<PropertyInstruction>?> ReadAsync(DavRequest request, CancellationToken cancellation)
    {
        if (await request.Body.IsEmptyAsync(cancellation))
        {
            return null;
        }

        return MediaType.Is(request.Headers.ContentType, "application/xml", "text/xml")
            ? MkcolBody.Parse((await request.Body.ReadXmlAsync(cancellation))!, request.Body.Limits.MaximumProperties)
            : throw new DavFaultException(new DavFault(415, "MKCOL has no use for such a body (RFC 4918 9.3, RFC 5689 3)"));
    }

    private async ValueTask MakeAsync(DavPath path, PropertyPatch patch, CancellationToken cancellation)
    {
        await store.MakeCollectionAsync(path, cancellation);
        var done = false;
        try
        {
            await properties.DeleteAsync(path, CancellationToken.None); // Of one that was removed behind the server's back.
            await patcher.CarryOutAsync(patch, path, kept: [], CancellationToken.None);
            done = !patch.IsRefused;
        }
        finally
        {
            if (!done)
            {
                using var removal = store.BeginRemoval();
                await removal.RemoveAsync(path, CancellationToken.None);
            }
        }
    }
}
