using WebDav.Access;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Preconditions;

/// <summary>
/// The one gate that every request passes: is the resource there, do the conditional headers and If hold (412), may the user write
/// every member (403), are the tokens submitted for every lock in the way (423)? Then the request gets a lease on what it writes.
/// </summary>
internal sealed class PreconditionGate(IStore store, ILocks locks, IWriteLeases leases)
{
    private readonly IfEvaluation _if = new(store);

    /// <summary>Checks a request that has yet to do something else, such as to receive its body, before it is admitted.</summary>
    public ValueTask<Admission> CheckAsync(GateRequest request, IReadOnlyList<WriteIntent> writes, CancellationToken cancellation) =>
        CheckAsync(request, writes, lease: null, cancellation);

    /// <summary>Checks a request and gives it the lease on what it writes; the caller disposes the admission when it is done.</summary>
    public async ValueTask<Admission> AdmitAsync(GateRequest request, IReadOnlyList<WriteIntent> writes, CancellationToken cancellation)
    {
        if (writes.Count == 0)
        {
            return await CheckAsync(request, writes, lease: null, cancellation);
        }

        var lease = await leases.AcquireAsync(
            [.. writes.Select(write => new LeaseClaim(write.Guarded, write.Kind))],
            locks.AtHand is null ? Areas(request, writes) : [],
            request.Work,
            cancellation);
        if (lease is null)
        {
            return Admission.Refused(target: null, new DavFault(423, "another request has been writing this resource, or the collection it is in, for long"));
        }

        Admission? admission = null;
        try
        {
            admission = await CheckAsync(request, writes, lease, cancellation);
            return admission;
        }
        finally
        {
            if (admission is not { IsGranted: true })
            {
                await lease.ReleaseAsync();
            }
        }
    }

    private async ValueTask<Admission> CheckAsync(
        GateRequest request, IReadOnlyList<WriteIntent> writes, WriteLease? lease, CancellationToken cancellation)
    {
        var target = await store.FindAsync(request.Path, cancellation);
        if (target is null && request.NeedsResource)
        {
            return Admission.Refused(target, StoreFault.NotFound.ToDavFault());
        }

        switch (ConditionalEvaluation.Evaluate(request.Conditions, target, request.Reads))
        {
            case ConditionalEvaluation.Verdict.NotModified:
                return Admission.Unchanged(target!);
            case ConditionalEvaluation.Verdict.Failed:
                return Admission.Refused(target, new DavFault(412, "a condition of If-Match, If-None-Match or If-Unmodified-Since does not hold"));
        }

        var known = await KnowAsync(request, writes, lease, cancellation);
        if (request.If is not null && !await _if.HoldsAsync(request.If, request, target, known, cancellation))
        {
            return Admission.Refused(target, new DavFault(412, "no list of the If header holds"));
        }

        if (await ForbiddenAsync(request, writes, cancellation) is { Count: > 0 } forbidden)
        {
            return Admission.RefusedByMembers(target, forbidden);
        }

        var (own, members) = await ObstaclesAsync(request, writes, known, cancellation);
        return members.Count > 0 ? Admission.RefusedByMembers(target, members)
            : own is not null ? Admission.Refused(target, own)
            : Admission.Granted(target, lease, known);
    }

    // What a lease was given with stays so while it is held. Who neither writes nor speaks of locks need not know of any.
    private ValueTask<ILockView> KnowAsync(
        GateRequest request, IReadOnlyList<WriteIntent> writes, WriteLease? lease, CancellationToken cancellation) =>
        (locks.AtHand ?? lease?.Locks) is { } known ? ValueTask.FromResult(known)
        : writes.Count == 0 && request.If is null ? ValueTask.FromResult<ILockView>(LockSet.Empty)
        : locks.AskAsync(Areas(request, writes), cancellation);

    private static IReadOnlyList<LockArea> Areas(GateRequest request, IReadOnlyList<WriteIntent> writes) =>
    [
        new LockArea(request.Path, Below: false),
        .. writes.Select(write => new LockArea(write.Guarded, Below: write.Kind == LeaseKind.Tree)),
        .. request.If is null ? [] : IfEvaluation.Named(request.If, request.Authority).Select(path => new LockArea(path, Below: false)),
    ];

    // The resources that the request names were checked when it was read; what is written with them is known only here.
    private async ValueTask<IReadOnlyList<MemberFault>> ForbiddenAsync(
        GateRequest request, IReadOnlyList<WriteIntent> writes, CancellationToken cancellation)
    {
        var members = new List<MemberFault>();
        foreach (var tree in writes.Where(write => write.Kind == LeaseKind.Tree))
        {
            foreach (var path in request.Access.LessBelow(tree.Path, AccessLevel.ReadWrite))
            {
                if (await store.FindAsync(path, cancellation) is { } entry)
                {
                    members.Add(new MemberFault(path, entry.IsCollection, UserAccess.Forbidden(AccessLevel.ReadWrite)));
                }
            }
        }

        return members;
    }

    /// <summary>
    /// The locks that the request may not pass. Those that cover what it names refuse it whole; those on members make a 207,
    /// and nothing is touched in either case.
    /// </summary>
    private async ValueTask<(DavFault? Own, IReadOnlyList<MemberFault> Members)> ObstaclesAsync(
        GateRequest request, IReadOnlyList<WriteIntent> writes, ILockView known, CancellationToken cancellation)
    {
        var members = new List<MemberFault>();
        foreach (var write in writes)
        {
            if (!await CountsAsync(write, known, cancellation))
            {
                continue;
            }

            if (Closed(known.Covering(write.Guarded), request) is { Count: > 0 } closed)
            {
                return (Locked([.. closed.Select(active => active.Root).Distinct()]), []);
            }

            if (write.Kind == LeaseKind.Tree)
            {
                foreach (var root in known.Below(write.Path).GroupBy(active => active.Root).Where(root => Closed([.. root], request).Count > 0))
                {
                    var entry = await store.FindAsync(root.Key, cancellation);
                    members.Add(new MemberFault(root.Key, entry is { IsCollection: true }, Locked([root.Key])));
                }
            }
        }

        return (null, members);
    }

    private async ValueTask<bool> CountsAsync(WriteIntent write, ILockView known, CancellationToken cancellation) => write.Guard switch
    {
        WriteGuard.Never => false,
        WriteGuard.Always => true,
        _ => known.Covering(write.Guarded).Count > 0 && await store.FindAsync(write.Path, cancellation) is null,
    };

    // All locks on one resource are either one exclusive lock or shared ones; the token of any of the shared ones will do, if the
    // user took it: another's token is not a key (RFC 4918 6.2, 6.4, 7.5).
    private static IReadOnlyList<ActiveLock> Closed(IReadOnlyList<ActiveLock> covering, GateRequest request) =>
        covering.Count == 0 || covering.Any(active => MayUse(active, request)) ? [] : covering;

    private static bool MayUse(ActiveLock active, GateRequest request) =>
        request.If is not null
        && string.Equals(active.Principal, request.Principal, StringComparison.Ordinal)
        && request.If.Tokens.Contains(active.Token);

    private static DavFault Locked(IReadOnlyList<DavPath> roots) =>
        new(423, "the resource is locked and its lock token was not submitted", DavNames.LockTokenSubmitted) { Hrefs = roots };
}
