using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Xml;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>PROPFIND (RFC 4918 9.1).</summary>
internal sealed class PropFindHandler(
    IStore store, PreconditionGate gate, OperationRegistry operations, WebDavOptions options) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        var query = PropFindBody.Parse(await request.Body.ReadXmlAsync(cancellation), request.Body.Limits.MaximumProperties);
        using var admission = await gate.CheckAsync(request.Gate, [], cancellation);
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var deep = request.Depth == Depth.Infinity && admission.Target!.IsCollection;
        if (deep && options.DeepPropFind == DeepPropFind.Refused)
        {
            return new DavFault(403, "PROPFIND with Depth infinity is not allowed here", DavNames.PropFindFiniteDepth);
        }

        var tellsSpace = LiveProperties.NeedSpace(query) && !QuotaReaders.HangOnIt(request.Headers.UserAgent);
        StoreSpace? space = tellsSpace ? await store.SpaceAsync(request.Path, cancellation) : null;
        return new DavResult.Properties(
            new WalkTree(store, admission.Target!, request.Depth, followLinks: true, request.User.Access),
            query,
            space,
            Held: deep && options.PropFindAnswer == PropFindAnswer.Held,
            NoRoot: request.Prefer.DepthNoRoot,
            deep ? Track(request) : null);
    }

    // Such a walk can take as long as a COPY, so it can be watched and stopped like one.
    private Operation Track(DavRequest request)
    {
        var operation = operations.Track(
            new OperationKey(request.User.Name, request.Method.Name, request.Path, Destination: null, request.Depth, Overwrite: false));
        request.WhenAnswered(whole => operations.Untrack(operation, whole ? 207 : null));
        return operation;
    }
}
