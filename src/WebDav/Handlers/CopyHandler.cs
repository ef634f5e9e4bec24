using WebDav.Preconditions;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>COPY (RFC 4918 9.8).</summary>
internal sealed class CopyHandler(Transfer transfer, CopyTree copy) : IMethodHandler
{
    public ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation) => transfer.AnswerAsync(
        request,
        [WriteIntent.Source(request.Path)],
        static _ => null,
        (source, replaced, control) => copy.RunAsync(source, request.Destination!.Path, request.Depth, replaced, request.User.Access, control),
        cancellation);
}
