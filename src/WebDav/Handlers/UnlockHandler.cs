using WebDav.Locking;
using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>UNLOCK (RFC 4918 9.11).</summary>
internal sealed class UnlockHandler(PreconditionGate gate, LockTable locks) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        var token = LockTokenHeader.Parse(request.Headers["Lock-Token"]);
        using var admission = await gate.CheckAsync(request.Gate, [], cancellation);
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var active = locks.Covering(request.Path).FirstOrDefault(active => active.Token == token);
        if (active is null)
        {
            return new DavFault(409, "the resource is not in the scope of that lock", DavNames.LockTokenMatchesRequestUri);
        }

        if (!string.Equals(active.Principal, request.User.Name, StringComparison.Ordinal))
        {
            return new DavFault(403, "the lock is another user's");
        }

        await locks.ReleaseAsync(token, cancellation);
        return new DavResult.Done(204);
    }
}
