using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Progress;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>COPY (RFC 4918 9.8).</summary>
internal sealed class CopyHandler(Transfer transfer, CopyTree copy, ServerLifetime lifetime) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        var (admission, replaced, refusal) = await transfer.AdmitAsync(request, [WriteIntent.Source(request.Path)], cancellation);
        using (admission)
        {
            if (refusal is not null)
            {
                return refusal;
            }

            var steps = copy.RunAsync(admission.Target!, request.Destination!.Path, request.Depth, replaced, lifetime.Stopping);
            var outcome = await request.KeepAlive.WhileAsync(TreeRunner.RunAsync(steps, new ProgressTracker()));
            return outcome.ToResult(success: replaced is null ? 201 : 204);
        }
    }
}
