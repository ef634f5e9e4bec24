using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>MOVE (RFC 4918 9.9).</summary>
internal sealed class MoveHandler(Transfer transfer, MoveTree move) : IMethodHandler
{
    public ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation) => transfer.AnswerAsync(
        request,

        // What stands at the destination leaves its collection as by DELETE (RFC 4918 9.9.3): the name then stands for a different
        // resource, which a lock on the collection guards against (7).
        [WriteIntent.Tree(request.Path), WriteIntent.Leaving(request.Path), WriteIntent.Leaving(request.Destination!.Path)],
        source => source.IsCollection && request.Depth != Depth.Infinity
            ? new DavFault(400, "MOVE of a collection takes no Depth but infinity (RFC 4918 9.9.2)")
            : null,
        (source, replaced, control) => move.RunAsync(source, request.Destination.Path, replaced, control),
        cancellation);
}
