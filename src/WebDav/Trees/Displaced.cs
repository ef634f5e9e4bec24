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

        // The operation is done by now, whatever comes: who stops it here stops only the clearing, and the next start goes on with it.
        await using var gone = displaced.RemoveAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(gone))
        {
            yield return TreeEvent.Done(destination);
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<int> gone)
    {
        try
        {
            return await gone.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
