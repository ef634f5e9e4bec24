using WebDav.Locking;
using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>UNLOCK (RFC 4918 9.11).</summary>
internal sealed class UnlockHandler(PreconditionGate gate, ILocks locks, OperationRegistry operations) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        var token = LockTokenHeader.Parse(request.Headers["Lock-Token"]);
        using var admission = await gate.CheckAsync(request.Gate, [], cancellation);
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var active = (await locks.CoveringAsync(request.Path, cancellation)).FirstOrDefault(active => active.Token == token);
        if (active is null)
        {
            return new DavFault(409, "the resource is not in the scope of that lock", DavNames.LockTokenMatchesRequestUri);
        }

        if (!string.Equals(active.Principal, request.User.Name, StringComparison.Ordinal))
        {
            return new DavFault(403, "the lock is another user's");
        }

        await locks.ReleaseAsync(token, cancellation);

        // It takes no lease, for it need not wait for whoever writes; but a LOCK that was refused might be granted now.
        operations.Touch([new LeaseClaim(active.Root, active.Depth == Depth.Infinity ? LeaseKind.Tree : LeaseKind.Resource)]);
        return new DavResult.Done(204);
    }
}
