using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>What COPY and MOVE check alike, before anything is touched (RFC 4918 9.8.4, 9.8.5, 9.9.3, 9.9.4).</summary>
internal sealed class Transfer(IStore store, PreconditionGate gate)
{
    private static readonly DavFault Overlap = new(403, "the destination is the source itself, inside it, or a collection that holds it");

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
            return (admission, null, Overlap);
        }

        var replaced = await store.FindAsync(destination, cancellation);
        if (await MeetAsync(admission.Target!, destination, replaced, cancellation))
        {
            return (admission, replaced, Overlap);
        }

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

    // Paths that are apart may still meet, where a link leads: in one name, or one of them inside the other.
    private async ValueTask<bool> MeetAsync(Entry source, DavPath destination, Entry? replaced, CancellationToken cancellation)
    {
        if (source.Path.Parent == destination.Parent)
        {
            return false;
        }

        if (source.Path.Name == destination.Name && await store.FindAsync(source.Path.Parent, cancellation) is { } parent
            && IsSame(parent, await store.FindAsync(destination.Parent, cancellation)))
        {
            return true;
        }

        return await GoesThroughAsync(destination, source, cancellation)
            || (replaced is not null && await GoesThroughAsync(source.Path, replaced, cancellation));
    }

    // A link is no way through itself: it is the link that is moved or replaced, not what it points to.
    private async ValueTask<bool> GoesThroughAsync(DavPath path, Entry collection, CancellationToken cancellation)
    {
        for (var holder = path.Parent; collection is { IsCollection: true, IsLink: false } && !holder.IsRoot; holder = holder.Parent)
        {
            if (IsSame(collection, await store.FindAsync(holder, cancellation)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSame(Entry collection, Entry? other) => collection.Identity != 0 && collection.Identity == other?.Identity;
}
