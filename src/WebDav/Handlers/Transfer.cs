using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>What COPY and MOVE check alike, before anything is touched (RFC 4918 9.8.4, 9.8.5, 9.9.3, 9.9.4).</summary>
internal sealed class Transfer(IStore store, PreconditionGate gate)
{
    /// <summary>Admits a COPY or MOVE.</summary>
    /// <param name="request">The request.</param>
    /// <param name="source">What it does to its source.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The admission, and what stands at the destination now; or why not.</returns>
    public async ValueTask<(Admission Admission, Entry? Replaced, DavResult? Refusal)> AdmitAsync(
        DavRequest request, IReadOnlyList<WriteIntent> source, CancellationToken cancellation)
    {
        var destination = request.Destination!.Path;
        var admission = await gate.AdmitAsync(
            request.Gate, [.. source, WriteIntent.Tree(destination), WriteIntent.Entering(destination)], cancellation);
        if (!admission.IsGranted)
        {
            return (admission, null, admission.ToResult());
        }

        // Refused for Depth 0 too: a copy that lands inside its source is never what was meant.
        if (destination.IsAtOrBelow(request.Path) || request.Path.IsBelow(destination))
        {
            return (admission, null, new DavFault(403, "the destination is the source itself, inside it, or a collection that holds it"));
        }

        var replaced = await store.FindAsync(destination, cancellation);
        if (replaced is not null && !request.Overwrite)
        {
            return (admission, replaced, new DavFault(412, "the destination exists, and Overwrite is F"));
        }

        if (replaced is null && await store.FindAsync(destination.Parent, cancellation) is not { IsCollection: true })
        {
            return (admission, replaced, StoreFault.NoParent.ToDavFault());
        }

        return (admission, replaced, null);
    }
}
