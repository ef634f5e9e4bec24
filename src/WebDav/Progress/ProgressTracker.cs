using WebDav.Protocol;
using WebDav.Trees;

namespace WebDav.Progress;

/// <summary>How far a tree operation is. One writer, any number of readers.</summary>
internal sealed class ProgressTracker
{
    private readonly Lock _gate = new();
    private ProgressSnapshot _snapshot = new(0, 0, 0, DavPath.Root);

    /// <summary>How far it is now.</summary>
    public ProgressSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot;
            }
        }
    }

    /// <summary>Takes note of one step.</summary>
    public void Add(in TreeEvent step)
    {
        lock (_gate)
        {
            var items = _snapshot.Items + (step.Kind == TreeEventKind.Bytes ? 0 : 1);
            var bytes = _snapshot.Bytes + step.Bytes;
            _snapshot = _snapshot with
            {
                Items = items,
                TotalItems = AtLeast(items, _snapshot.TotalItems),
                Bytes = bytes,
                TotalBytes = AtLeast(bytes, _snapshot.TotalBytes),
                Failures = _snapshot.Failures + (step.Kind == TreeEventKind.Failed ? 1 : 0),
                Current = step.Path,
            };
        }
    }

    /// <summary>Takes note of how much there is to do.</summary>
    /// <param name="items">Resources.</param>
    /// <param name="bytes">Bytes of the files among them; null where none are copied.</param>
    public void SetTotal(long items, long? bytes)
    {
        lock (_gate)
        {
            _snapshot = _snapshot with { TotalItems = AtLeast(_snapshot.Items, items), TotalBytes = AtLeast(_snapshot.Bytes, bytes) };
        }
    }

    /// <summary>Takes over how far another server says that it is.</summary>
    public void Show(ProgressSnapshot snapshot)
    {
        lock (_gate)
        {
            _snapshot = snapshot;
        }
    }

    // Files are added while they are counted, and what is replaced is cleared away, too: nobody has done more than all.
    private static long? AtLeast(long done, long? total) => total is { } all ? Math.Max(done, all) : null;
}
