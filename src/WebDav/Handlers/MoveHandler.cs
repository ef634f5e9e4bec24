using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Progress;
using WebDav.Protocol;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>MOVE (RFC 4918 9.9).</summary>
internal sealed class MoveHandler(Transfer transfer, MoveTree move, ServerLifetime lifetime) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        // What stands at the destination leaves its collection as by DELETE (RFC 4918 9.9.3): the name then stands for a different
        // resource, which a lock on the collection guards against (7).
        WriteIntent[] leaving =
        [
            WriteIntent.Tree(request.Path), WriteIntent.Leaving(request.Path), WriteIntent.Leaving(request.Destination!.Path),
        ];
        var (admission, replaced, refusal) = await transfer.AdmitAsync(request, leaving, cancellation);
        using (admission)
        {
            if (refusal is not null)
            {
                return refusal;
            }

            if (admission.Target!.IsCollection && request.Depth != Depth.Infinity)
            {
                return new DavFault(400, "MOVE of a collection takes no Depth but infinity (RFC 4918 9.9.2)");
            }

            var steps = move.RunAsync(admission.Target, request.Destination.Path, replaced, lifetime.Stopping);
            var outcome = await request.KeepAlive.WhileAsync(TreeRunner.RunAsync(steps, new ProgressTracker()));
            return outcome.ToResult(success: replaced is null ? 201 : 204);
        }
    }
}
