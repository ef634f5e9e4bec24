using System.Xml.Linq;
using WebDav.Locking;
using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Protocol.Xml;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>LOCK (RFC 4918 9.10): a new lock, with an empty resource where none is, or the refresh of one.</summary>
internal sealed class LockHandler(
    IStore store, PreconditionGate gate, ILocks locks, LockTree visit, IDeadProperties properties, TreeRequests trees) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        var body = await request.Body.ReadXmlAsync(cancellation);
        return body is null ? await RefreshAsync(request, cancellation) : await LockAsync(request, body, cancellation);
    }

    private async ValueTask<DavResult> RefreshAsync(DavRequest request, CancellationToken cancellation)
    {
        if (request.If is null)
        {
            return new DavFault(400, "a LOCK without body refreshes a lock, whose token must be in the If header (RFC 4918 9.10.2)");
        }

        using var admission = await gate.CheckAsync(request.Gate, [], cancellation);
        var named = (await locks.CoveringAsync(request.Path, cancellation)).Where(active => request.If.Tokens.Contains(active.Token)).ToList();
        if (!admission.IsGranted)
        {
            // RFC 4918 9.10.6: a token that is not one of this resource's is told from other conditions that fail.
            return named.Count == 0 && admission.Fault is { Status: 412 } failed
                ? failed with { Condition = DavNames.LockTokenMatchesRequestUri }
                : admission.ToResult();
        }

        if (admission.Target is null)
        {
            return StoreFault.NotFound.ToDavFault();
        }

        if (named.Count != 1 || !string.Equals(named[0].Principal, request.User.Name, StringComparison.Ordinal))
        {
            return new DavFault(412, "the If header names no lock of this user on the resource, or several", DavNames.LockTokenMatchesRequestUri);
        }

        var refreshed = await locks.RefreshAsync(named[0].Token, TimeoutHeader.Parse(request.Headers["Timeout"]), cancellation);
        return refreshed is null
            ? new DavFault(412, "the lock has ended", DavNames.LockTokenMatchesRequestUri)
            : new DavResult.Locked(
                admission.Target, refreshed.Token, await locks.CoveringAsync(request.Path, cancellation), Created: false, Refreshed: true);
    }

    private async ValueTask<DavResult> LockAsync(DavRequest request, XElement body, CancellationToken cancellation)
    {
        if (request.Depth == Depth.One)
        {
            return new DavFault(400, "LOCK has no Depth 1 (RFC 4918 9.10.3); only where it refreshes a lock is Depth ignored (9.10.2)");
        }

        var info = LockInfoBody.Parse(body);
        var wanted = new LockRequest(
            request.Path, info.Scope, request.Depth, info.Owner, request.User.Name, TimeoutHeader.Parse(request.Headers["Timeout"]));
        if (request.Depth == Depth.Infinity && await store.FindAsync(request.Path, cancellation) is { IsCollection: true })
        {
            return await trees.AnswerAsync(
                request, $"{info.Scope} {info.Owner}", gated => AdmitDeepAsync(request, gated, wanted, cancellation), cancellation);
        }

        // Of members, too: what was no collection a moment ago may be one by now, with members that are locked.
        await using var admission = await AdmitAsync(request, request.Gate, wanted, cancellation);
        if (Refuse(admission, wanted, wanted.Depth) is { } refusal)
        {
            return refusal;
        }

        if (admission.Target is not null && await store.CheckWritableAsync(admission.Target, cancellation) is { } fault)
        {
            return fault.ToDavFault();
        }

        var (room, noRoom) = await locks.ReserveAsync(request.User.Name, cancellation);
        using var place = room;
        if (place is null)
        {
            return noRoom!;
        }

        var (entry, granted) = admission.Target is null
            ? await LockNewAsync(wanted, place, cancellation)
            : (admission.Target, await locks.GrantAsync(wanted, place, cancellation));
        return new DavResult.Locked(entry, granted.Token, With(admission.Locks, granted), Created: admission.Target is null, Refreshed: false);
    }

    // Not asked for again: whoever has a lock is to be told so, even if the database has gone away by now.
    private static IReadOnlyList<ActiveLock> With(ILockView known, ActiveLock granted)
    {
        var covering = known.Covering(granted.Root);
        return covering.Any(active => active.Token == granted.Token) ? covering : [.. covering, granted];
    }

    private ValueTask<Admission> AdmitAsync(
        DavRequest request, GateRequest gated, LockRequest wanted, CancellationToken cancellation) => gate.AdmitAsync(
        gated, [WriteIntent.NewLock(request.Path, wanted.Depth), WriteIntent.Entering(request.Path)], cancellation);

    private static DavResult? Refuse(Admission admission, LockRequest wanted, Depth depth)
    {
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var conflicts = admission.Locks.Conflicts(wanted.Root, wanted.Scope, depth);
        return conflicts.Count == 0 ? null : new DavResult.Refused(LockTree.Conflict(conflicts));
    }

    private async ValueTask<(OperationPlan? Plan, DavResult? Refusal)> AdmitDeepAsync(
        DavRequest request, GateRequest gated, LockRequest wanted, CancellationToken cancellation)
    {
        await using var admission = await AdmitAsync(request, gated, wanted, cancellation);
        if (Refuse(admission, wanted, Depth.Zero) is { } refusal)
        {
            return (null, refusal);
        }

        if (admission.Target is not { } root)
        {
            return (null, StoreFault.NotFound.ToDavFault()); // Removed since it was looked for.
        }

        // Only looked for here: the place is taken when the visit is done, so that a visit holds none that may come to nothing.
        var (room, noRoom) = await locks.ReserveAsync(request.User.Name, cancellation);
        room?.Dispose();
        if (noRoom is not null)
        {
            return (null, noRoom);
        }

        var plan = new OperationPlan(
            admission.TakeLease(),
            root,
            control => visit.RunAsync(root, wanted.Scope, control.Stopping),
            async outcome => outcome.Failures.Count > 0 ? NotAll(wanted.Root, outcome) : await GrantDeepAsync(wanted));
        return (plan, null);
    }

    private async ValueTask<OperationResult> GrantDeepAsync(LockRequest wanted)
    {
        var (room, noRoom) = await locks.ReserveAsync(wanted.Principal, CancellationToken.None);
        using var place = room;
        return place is null
            ? OperationResult.Failed(noRoom!)
            : OperationResult.Success(200, (await locks.GrantAsync(wanted, place, CancellationToken.None)).Token);
    }

    // RFC 4918 9.10.3: the members in the way, and 424 for the resource that was asked for unless it is itself in the way.
    private static OperationResult NotAll(DavPath path, TreeOutcome outcome)
    {
        var members = outcome.ToResult(success: 200).Failures;
        return members.Any(failure => failure.Path == path)
            ? OperationResult.PartlyFailed(members)
            : OperationResult.PartlyFailed(
                [.. members, new MemberFault(path, IsCollection: true, new DavFault(424, "not locked, because of its members"))]);
    }

    // RFC 4918 7.3, 9.10.4: locking an unmapped URL makes an empty resource that is not a collection. The lock comes first: a resource
    // that nobody locked would stay, but a lock without a resource is forgotten here or at the next start.
    private async ValueTask<(Entry Entry, ActiveLock Granted)> LockNewAsync(
        LockRequest wanted, LockPlace place, CancellationToken cancellation)
    {
        await using var upload = await store.UploadAsync(wanted.Root, cancellation);
        var granted = await locks.GrantAsync(wanted, place, cancellation);
        try
        {
            await properties.DeleteAsync(wanted.Root, cancellation); // Of a file that was removed behind the server's back.
            return (await upload.PublishAsync(replace: false, modified: null, cancellation), granted);
        }
        catch
        {
            await locks.ReleaseAsync(granted.Token, CancellationToken.None);
            throw;
        }
    }
}
