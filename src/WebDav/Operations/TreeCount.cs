using WebDav.Progress;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Operations;

/// <summary>Counts what an operation has to do, beside it: one that is soon over is not counted, and none waits for its count.</summary>
internal sealed class TreeCount(IStore store, TimeProvider time)
{
    /// <summary>How long an operation must have lasted before it is counted.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    /// <summary>Counts a tree and tells the tracker; ends early, without a word, when the operation does.</summary>
    public async Task RunAsync(Entry root, bool followLinks, ProgressTracker tracker, CancellationToken ended)
    {
        try
        {
            await Task.Delay(Delay, time, ended);
            var (items, bytes) = (0L, 0L);
            await foreach (var step in new WalkTree(store, root, Depth.Infinity, followLinks).StepsAsync(ended))
            {
                if (step.Kind == WalkStepKind.Visit)
                {
                    items++;
                    bytes += step.Entry.Length;
                }
            }

            tracker.SetTotal(items, bytes);
        }
        catch (Exception nothing) when (nothing is OperationCanceledException or StoreException)
        {
            // The operation was quicker, or what it works on is gone: there is no total to tell.
        }
    }
}
