using System.Runtime.CompilerServices;
using WebDav.Protocol;

namespace WebDav.Operations.Pages;

/// <summary>The views of all operations of a user as they go on, the new ones too: each whenever something has changed about it.</summary>
internal sealed class OperationListFeed(TimeProvider time)
{
    /// <summary>The views, without their failures; null as a sign of life where nothing has changed for long.</summary>
    /// <param name="live">The operations there are now.</param>
    /// <param name="urls">Makes every link.</param>
    /// <param name="cancellation">Ends the feed, which has no end of its own.</param>
    public async IAsyncEnumerable<OperationView?> ReadAsync(
        Func<CancellationToken, ValueTask<IEnumerable<Operation>>> live, UrlSpace urls, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new Dictionary<Operation, long>();
        var last = time.GetTimestamp();
        while (true)
        {
            var now = (await live(cancellation)).ToHashSet();
            foreach (var operation in now.Concat(told.Keys.Except(now)).ToList())
            {
                var record = OperationRecord.Of(operation);
                if (told.GetValueOrDefault(operation, -1) != record.Version)
                {
                    last = time.GetTimestamp();
                    yield return OperationView.Of(record, urls, time.GetUtcNow()) with { Failures = null };
                }

                told[operation] = record.Version;
                if (record.Ended is not null && !now.Contains(operation))
                {
                    told.Remove(operation); // It was seen to its end, which nobody lists any more.
                }
            }

            if (time.GetElapsedTime(last) >= OperationFeed.Heartbeat)
            {
                last = time.GetTimestamp();
                yield return null;
            }

            await Task.Delay(OperationFeed.Pace, time, cancellation);
        }
    }
}
