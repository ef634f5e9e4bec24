using WebDav.Access;
using WebDav.Locking;
using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>GET and HEAD (RFC 9110 9.3.1, 9.3.2, 14.2; RFC 4918 9.4).</summary>
internal sealed class GetHandler(IStore store, PreconditionGate gate, ILocks locks, WebDavOptions options, RequestLimits limits) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        using var admission = await gate.CheckAsync(request.Gate, [], cancellation);
        if (!admission.IsGranted)
        {
            return admission.ToResult();
        }

        var headersOnly = request.Method.Name == "HEAD";
        if (admission.Target!.IsCollection)
        {
            return request.AsZip
                ? new DavResult.Zip(admission.Target, new WalkTree(store, admission.Target, Depth.Infinity, followLinks: true, request.User.Access), headersOnly)
                : await PageAsync(request, admission.Target, headersOnly, cancellation);
        }

        var content = await store.OpenAsync(request.Path, cancellation);
        var entry = content.Entry;
        var ranges = headersOnly
            ? RangeOutcome.Whole // Range is defined for GET alone (RFC 9110 14.2).
            : RangeHeader.Parse(
                request.Headers.Range, request.Headers.IfRange, entry.ETag, entry.Modified, entry.Length, limits.RangesPerGet);
        return new DavResult.Content(content, ranges, headersOnly);
    }

    private async ValueTask<DavResult> PageAsync(DavRequest request, Entry collection, bool headersOnly, CancellationToken cancellation)
    {
        var known = await locks.AskAsync(collection.Path, below: true, cancellation);
        var members = from member in store.ListAsync(collection.Path, cancellation)
                      where request.User.Access.MayRead(member.Path)
                      select new ListedMember(member, [.. known.Covering(member.Path).Where(active => active.Root == member.Path)]);
        return new DavResult.Listing(collection, members, known.Covering(collection.Path), request.User, WhyReadOnly(request), headersOnly);
    }

    // Who would be asked to log in may try: the browser asks for the name then.
    private string? WhyReadOnly(DavRequest request) =>
        options.ReadOnly ? "This server is read-only."
        : request.User.Refuse(request.Path, AccessLevel.ReadWrite) is { Status: not 401 } ? "You may not change anything in this folder."
        : null;
}
