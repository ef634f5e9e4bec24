using WebDav.Access;
using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>What COPY and MOVE do alike, before anything is touched (RFC 4918 9.8.4, 9.8.5, 9.9.3, 9.9.4).</summary>
internal sealed class Transfer(IStore store, PreconditionGate gate, TreeRequests trees)
{
    private static readonly DavFault Overlap = new(403, "the destination is the source itself, inside it, or a collection that holds it");

    /// <summary>The steps of a COPY or MOVE.</summary>
    /// <param name="source">What to copy or move.</param>
    /// <param name="replaced">What stands at the destination; null where nothing does.</param>
    /// <param name="control">Holds it, or stops it at the next step.</param>
    internal delegate IAsyncEnumerable<TreeEvent> Work(Entry source, Entry? replaced, TreeControl control);

    /// <summary>Answers a COPY or MOVE.</summary>
    /// <param name="request">The request.</param>
    /// <param name="source">What it does to its source.</param>
    /// <param name="check">What the method alone refuses; null if nothing.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Cancelled when the client goes away.</param>
    public ValueTask<DavResult> AnswerAsync(
        DavRequest request, IReadOnlyList<WriteIntent> source, Func<Entry, DavFault?> check, Work work, CancellationToken cancellation) =>
        trees.AnswerAsync(request, variant: "", gated => AdmitAsync(request, gated, source, check, work, cancellation), cancellation);

    private async ValueTask<(OperationPlan? Plan, DavResult? Refusal)> AdmitAsync(
        DavRequest request, GateRequest gated, IReadOnlyList<WriteIntent> source, Func<Entry, DavFault?> check, Work work, CancellationToken cancellation)
    {
        var destination = request.Destination!.Path;
        await using var admission = await gate.AdmitAsync(
            gated, [.. source, WriteIntent.Tree(destination), WriteIntent.Entering(destination)], cancellation);
        if (!admission.IsGranted)
        {
            return (null, admission.ToResult());
        }

        var target = admission.Target!;
        if (check(target) is { } refused)
        {
            return (null, refused);
        }

        var (replaced, refusal) = await LookAsync(request, target, destination, cancellation);
        refusal ??= await ForbiddenAsync(request, destination, cancellation);
        return refusal is not null
            ? (null, refusal)
            : (new OperationPlan(
                admission.TakeLease(),
                target,
                control => work(target, replaced, control),
                outcome => ValueTask.FromResult(outcome.ToResult(success: replaced is null ? 201 : 204))), null);
    }

    private async ValueTask<(Entry? Replaced, DavResult? Refusal)> LookAsync(
        DavRequest request, Entry source, DavPath destination, CancellationToken cancellation)
    {
        // Refused for Depth 0 too: a copy that lands inside its source is never what was meant.
        if (destination.IsAtOrBelow(request.Path) || request.Path.IsBelow(destination))
        {
            return (null, Overlap);
        }

        var replaced = await store.FindAsync(destination, cancellation);
        if (await MeetAsync(source, destination, replaced, cancellation))
        {
            return (null, Overlap);
        }

        if (replaced is not null && !request.Overwrite)
        {
            return (null, new DavFault(412, "the destination exists, and Overwrite is F"));
        }

        return replaced is null && await store.FindAsync(destination.Parent, cancellation) is not { IsCollection: true }
            ? (null, StoreFault.NoParent.ToDavFault())
            : (replaced, null);
    }

    // What is not there yet, but would be made where the user may not write.
    private async ValueTask<DavResult?> ForbiddenAsync(DavRequest request, DavPath destination, CancellationToken cancellation)
    {
        var members = new List<MemberFault>();
        if (request.Depth != Depth.Zero)
        {
            foreach (var made in request.User.Access.LessBelow(destination, AccessLevel.ReadWrite))
            {
                if (await store.FindAsync(made.Relocate(destination, request.Path), cancellation) is { } entry)
                {
                    members.Add(new MemberFault(made, entry.IsCollection, UserAccess.Forbidden(AccessLevel.ReadWrite)));
                }
            }
        }

        return members.Count > 0 ? new DavResult.Failures(members) : null;
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

    private static bool IsSame(Entry collection, Entry? other) => collection.Identity != default && collection.Identity == other?.Identity;
}
