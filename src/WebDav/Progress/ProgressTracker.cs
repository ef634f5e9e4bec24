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
            _snapshot = _snapshot with
            {
                Items = _snapshot.Items + (step.Kind == TreeEventKind.Bytes ? 0 : 1),
                Bytes = _snapshot.Bytes + step.Bytes,
                Failures = _snapshot.Failures + (step.Kind == TreeEventKind.Failed ? 1 : 0),
                Current = step.Path,
            };
        }
    }

    /// <summary>Takes note of how much there is to do.</summary>
    public void SetTotal(long items, long bytes)
    {
        lock (_gate)
        {
            _snapshot = _snapshot with { TotalItems = items, TotalBytes = bytes };
        }
    }
}
