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
    IStore store, PreconditionGate gate, LockTable locks, LockTree visit, IDeadProperties properties, TreeRequests trees) : IMethodHandler
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
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        if (admission.Target is null)
        {
            return StoreFault.NotFound.ToDavFault();
        }

        var named = locks.Covering(request.Path).Where(active => request.If.Tokens.Contains(active.Token)).ToList();
        if (named.Count != 1 || !string.Equals(named[0].Principal, request.User.Name, StringComparison.Ordinal))
        {
            return new DavFault(412, "the If header names no lock of this user on the resource, or several", DavNames.LockTokenMatchesRequestUri);
        }

        var refreshed = await locks.RefreshAsync(named[0].Token, TimeoutHeader.Parse(request.Headers["Timeout"]), cancellation);
        return refreshed is null
            ? new DavFault(412, "the lock has ended", DavNames.LockTokenMatchesRequestUri)
            : new DavResult.Locked(admission.Target, refreshed.Token, locks.Covering(request.Path), Created: false, Refreshed: true);
    }

    private async ValueTask<DavResult> LockAsync(DavRequest request, XElement body, CancellationToken cancellation)
    {
        var info = LockInfoBody.Parse(body);
        var wanted = new LockRequest(
            request.Path, info.Scope, request.Depth, info.Owner, request.User.Name, TimeoutHeader.Parse(request.Headers["Timeout"]));
        if (request.Depth == Depth.Infinity && await store.FindAsync(request.Path, cancellation) is { IsCollection: true })
        {
            return await trees.AnswerAsync(
                request, $"{info.Scope} {info.Owner}", () => AdmitDeepAsync(request, wanted, cancellation), cancellation);
        }

        using var admission = await AdmitAsync(request, wanted, cancellation);
        if (Refuse(admission, wanted) is { } refusal)
        {
            return refusal;
        }

        if (admission.Target is not null && await store.CheckWritableAsync(admission.Target, cancellation) is { } fault)
        {
            return fault.ToDavFault();
        }

        var entry = admission.Target ?? await CreateEmptyAsync(request.Path, cancellation);
        var granted = await locks.GrantAsync(wanted, cancellation);
        return new DavResult.Locked(entry, granted.Token, locks.Covering(request.Path), Created: admission.Target is null, Refreshed: false);
    }

    private ValueTask<Admission> AdmitAsync(DavRequest request, LockRequest wanted, CancellationToken cancellation) => gate.AdmitAsync(
        request.Gate, [WriteIntent.NewLock(request.Path, wanted.Depth), WriteIntent.Entering(request.Path)], cancellation);

    private DavResult? Refuse(Admission admission, LockRequest wanted)
    {
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var conflicts = locks.Conflicts(wanted.Root, wanted.Scope, Depth.Zero);
        return conflicts.Count == 0 ? null : new DavResult.Refused(LockTree.Conflict(conflicts));
    }

    private async ValueTask<(OperationPlan? Plan, DavResult? Refusal)> AdmitDeepAsync(
        DavRequest request, LockRequest wanted, CancellationToken cancellation)
    {
        using var admission = await AdmitAsync(request, wanted, cancellation);
        if (Refuse(admission, wanted) is { } refusal)
        {
            return (null, refusal);
        }

        if (admission.Target is not { } root)
        {
            return (null, StoreFault.NotFound.ToDavFault()); // Removed since it was looked for.
        }

        var plan = new OperationPlan(
            admission.TakeLease(),
            root,
            stopping => visit.RunAsync(root, wanted.Scope, stopping),
            async outcome => outcome.Failures.Count > 0
                ? NotAll(wanted.Root, outcome)
                : OperationResult.Success(200, (await locks.GrantAsync(wanted, CancellationToken.None)).Token));
        return (plan, null);
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

    // RFC 4918 7.3, 9.10.4: locking an unmapped URL makes an empty resource that is not a collection.
    private async ValueTask<Entry> CreateEmptyAsync(DavPath path, CancellationToken cancellation)
    {
        await using var upload = await store.UploadAsync(path, cancellation);
        var entry = await upload.PublishAsync(replace: false, modified: null, cancellation);
        await properties.DeleteAsync(path, CancellationToken.None);
        return entry;
    }
}
