using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>DELETE (RFC 9110 9.3.5, RFC 4918 9.6).</summary>
internal sealed class DeleteHandler(PreconditionGate gate, DeleteTree delete, TreeRequests trees) : IMethodHandler
{
    public ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation) => request.Path == request.Urls.Root
        ? ValueTask.FromResult<DavResult>(new DavFault(403, "the served root cannot be deleted"))
        : trees.AnswerAsync(request, variant: "", gated => AdmitAsync(request, gated, cancellation), cancellation);

    private async ValueTask<(OperationPlan? Plan, DavResult? Refusal)> AdmitAsync(
        DavRequest request, GateRequest gated, CancellationToken cancellation)
    {
        await using var admission = await gate.AdmitAsync(
            gated, [WriteIntent.Tree(request.Path), WriteIntent.Leaving(request.Path)], cancellation);
        if (!admission.IsGranted)
        {
            return (null, admission.ToResult());
        }

        var target = admission.Target!;
        if (target.IsCollection && request.Depth != Depth.Infinity)
        {
            return (null, new DavFault(400, "DELETE of a collection takes no Depth but infinity (RFC 4918 9.6.1)"));
        }

        var plan = new OperationPlan(
            admission.TakeLease(),
            target,
            control => delete.RunAsync(target, control),
            outcome => ValueTask.FromResult(outcome.ToResult(success: 204)));
        return (plan, null);
    }
}
