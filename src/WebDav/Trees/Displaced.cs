using System.Runtime.CompilerServices;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>Clears away what a COPY or MOVE has replaced: part of the operation, for a large tree takes its time.</summary>
internal static class Displaced
{
    public static async IAsyncEnumerable<TreeEvent> RemoveAsync(
        IDisplaced? displaced, DavPath destination, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (displaced is null)
        {
            yield break;
        }

        await foreach (var _ in displaced.RemoveAsync(cancellation))
        {
            yield return TreeEvent.Done(destination);
        }
    }
}
