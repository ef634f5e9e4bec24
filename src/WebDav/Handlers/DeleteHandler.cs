using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Progress;
using WebDav.Protocol;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>DELETE (RFC 9110 9.3.5, RFC 4918 9.6).</summary>
internal sealed class DeleteHandler(PreconditionGate gate, DeleteTree delete, ServerLifetime lifetime) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        if (request.Path.IsRoot)
        {
            return new DavFault(403, "the served root cannot be deleted");
        }

        using var admission = await gate.AdmitAsync(
            request.Gate, [WriteIntent.Tree(request.Path), WriteIntent.Leaving(request.Path)], cancellation);
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var target = admission.Target!;
        if (target.IsCollection && request.Depth != Depth.Infinity)
        {
            return new DavFault(400, "DELETE of a collection takes no Depth but infinity (RFC 4918 9.6.1)");
        }

        var outcome = await request.KeepAlive.WhileAsync(TreeRunner.RunAsync(delete.RunAsync(target, lifetime.Stopping), new ProgressTracker()));
        return outcome.ToResult(success: 204);
    }
}
