using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Operations;

/// <summary>Counts what an operation has to do, beside it: one that is soon over is not counted, and none waits for its count.</summary>
internal sealed partial class TreeCount(IStore store, Workers workers, TimeProvider time, ILogger<TreeCount> logger)
{
    /// <summary>How long an operation must have lasted before it is counted.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    /// <summary>Counts a tree and tells its operation; ends early, without a word, when the operation does. Never throws.</summary>
    public async Task RunAsync(Operation operation, Entry root, CancellationToken ended)
    {
        var key = operation.Key;
        try
        {
            await Task.Delay(Delay, time, ended);
            var (items, bytes) = await workers.RunAsync(root.FileSystem, () => WalkAsync(operation, root, ended), ended);
            operation.Expect(items, key.Destination is null ? null : bytes);
        }
        catch (Exception nothing) when (nothing is OperationCanceledException or StoreException)
        {
            // The operation was quicker, or what it works on is gone: there is no total to tell.
        }
        catch (Exception failure)
        {
            LogFailure(key.Method, key.Source, failure); // No reason for the operation to fail, or never to end.
        }
    }

    private async Task<(long Items, long Bytes)> WalkAsync(Operation operation, Entry root, CancellationToken ended)
    {
        // What a DELETE has removed by now is not there to be counted.
        var key = operation.Key;
        var (items, bytes) = (key.Method == "DELETE" ? operation.Progress.Snapshot.Items : 0, 0L);
        var depth = key.Depth == Depth.Infinity ? Depth.Infinity : Depth.Zero;
        var turn = workers.BeginTurn();
        await foreach (var step in new WalkTree(store, root, depth, followLinks: key.Method != "DELETE").StepsAsync(ended))
        {
            if (step.Kind == WalkStepKind.Visit)
            {
                items++;
                bytes += step.Entry.Length;
            }

            await turn.StepAsync();
        }

        return (items, bytes);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Source}: what there is to do could not be counted")]
    private partial void LogFailure(string method, DavPath source, Exception failure);
}
