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
            _snapshot = new ProgressSnapshot(
                _snapshot.Items + (step.Kind == TreeEventKind.Bytes ? 0 : 1),
                _snapshot.Bytes + step.Bytes,
                _snapshot.Failures + (step.Kind == TreeEventKind.Failed ? 1 : 0),
                step.Path);
        }
    }
}
