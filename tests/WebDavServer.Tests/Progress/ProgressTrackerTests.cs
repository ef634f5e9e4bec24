using WebDav.Progress;
using WebDav.Protocol;
using WebDav.Trees;

namespace WebDavServer.Tests.Progress;

public sealed class ProgressTrackerTests
{
    private static readonly DavPath A = DavPath.Of("a");
    private static readonly DavPath B = DavPath.Of("b");

    [Fact]
    public void It_counts_resources_bytes_and_failures()
    {
        ProgressTracker tracker = new();
        Assert.Equal(new ProgressSnapshot(0, 0, 0, DavPath.Root), tracker.Snapshot);

        tracker.Add(TreeEvent.Copied(A, 100));
        Assert.Equal(new ProgressSnapshot(0, 100, 0, A), tracker.Snapshot);

        tracker.Add(TreeEvent.Copied(A, 11));
        tracker.Add(TreeEvent.Done(A));
        Assert.Equal(new ProgressSnapshot(1, 111, 0, A), tracker.Snapshot);

        tracker.Add(TreeEvent.Failed(B, collection: false, new DavFault(403, "no")));
        Assert.Equal(new ProgressSnapshot(2, 111, 1, B), tracker.Snapshot);
    }

    [Fact]
    public void Nobody_has_done_more_than_all()
    {
        ProgressTracker tracker = new();
        tracker.SetTotal(1, 10);
        Assert.Equal((1, 10), (tracker.Snapshot.TotalItems, tracker.Snapshot.TotalBytes));

        tracker.Add(new TreeEvent(TreeEventKind.Done, A, 11, null));
        tracker.Add(TreeEvent.Done(B));
        Assert.Equal((2, 11), (tracker.Snapshot.TotalItems, tracker.Snapshot.TotalBytes));

        tracker.SetTotal(1, bytes: null);
        Assert.Equal((2, null), (tracker.Snapshot.TotalItems, tracker.Snapshot.TotalBytes));
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_step()
    {
        ProgressTracker tracker = new();
        using CancellationTokenSource end = new();
        Task writer = Task.Run(() =>
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                // Every step is both: an item of /a with one byte, or a failure of /b with none.
                tracker.Add(i % 2 == 0 ? new TreeEvent(TreeEventKind.Done, A, 1, null) : TreeEvent.Failed(B, collection: false, new DavFault(403, "no")));
            }
        });

        for (int i = 0; i < 100_000; i++)
        {
            ProgressSnapshot seen = tracker.Snapshot;
            Assert.Equal(seen.Items, seen.Bytes + seen.Failures);
            Assert.Equal(seen.Items == 0 ? DavPath.Root : seen.Items % 2 == 1 ? A : B, seen.Current);
        }

        await end.CancelAsync();
        await writer;
    }
}
