using WebDav.Preconditions;
using WebDav.Protocol.Headers;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>GET and HEAD (RFC 9110 9.3.1, 9.3.2, 14.2; RFC 4918 9.4).</summary>
internal sealed class GetHandler(IStore store, PreconditionGate gate, RequestLimits limits) : IMethodHandler
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
            return new DavResult.Listing(admission.Target, Visible(request, store.ListAsync(request.Path, cancellation)), headersOnly);
        }

        var content = await store.OpenAsync(request.Path, cancellation);
        var entry = content.Entry;
        var ranges = headersOnly
            ? RangeOutcome.Whole // Range is defined for GET alone (RFC 9110 14.2).
            : RangeHeader.Parse(
                request.Headers.Range, request.Headers.IfRange, entry.ETag, entry.Modified, entry.Length, limits.RangesPerGet);
        return new DavResult.Content(content, ranges, headersOnly);
    }

    private static IAsyncEnumerable<Entry> Visible(DavRequest request, IAsyncEnumerable<Entry> members) =>
        members.Where(member => request.User.Access.MayRead(member.Path));
}
