using System.Runtime.CompilerServices;
using WebDav.Protocol;

namespace WebDav.Operations.Pages;

/// <summary>The views of an operation as it goes on: one whenever something has changed, but not more than a few a second, and a last one.</summary>
internal sealed class OperationFeed(TimeProvider time)
{
    /// <summary>Time between two views.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>After this long without a change, a view is given all the same: a sign of life.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The views, each with the version that it shows.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="urls">Makes every link.</param>
    /// <param name="after">The version that the reader has seen already; -1 for none.</param>
    /// <param name="cancellation">Ends the feed.</param>
    public async IAsyncEnumerable<(long Version, OperationView View)> ReadAsync(
        Operation operation, UrlSpace urls, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = time.GetTimestamp();
        while (true)
        {
            var record = OperationRecord.Of(operation);
            var ended = record.Ended is not null;
            if (record.Version != after || time.GetElapsedTime(told) >= Heartbeat)
            {
                after = record.Version;
                told = time.GetTimestamp();
                yield return (after, OperationView.Of(record, urls, time.GetUtcNow()));
            }

            if (ended)
            {
                yield break;
            }

            await Task.WhenAny(operation.Completion, Task.Delay(Pace, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
