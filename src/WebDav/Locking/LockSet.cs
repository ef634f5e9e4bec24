using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>Locks as they were at one moment.</summary>
internal sealed class LockSet : ILockView
{
    /// <summary>No locks.</summary>
    public static readonly LockSet Empty = new([]);

    private readonly Dictionary<DavPath, List<ActiveLock>> _byRoot = [];

    /// <summary>Takes each lock once, however often it comes.</summary>
    public LockSet(IEnumerable<ActiveLock> locks)
    {
        foreach (var active in locks.DistinctBy(active => active.Token))
        {
            if (!_byRoot.TryGetValue(active.Root, out var there))
            {
                _byRoot.Add(active.Root, there = []);
            }

            there.Add(active);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActiveLock> Covering(DavPath path)
    {
        if (_byRoot.Count == 0)
        {
            return [];
        }

        List<ActiveLock> found = [];
        for (var at = path; ; at = at.Parent)
        {
            if (_byRoot.TryGetValue(at, out var locks))
            {
                found.AddRange(locks.Where(active => at == path || active.Depth == Depth.Infinity));
            }

            if (at.IsRoot)
            {
                return found;
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActiveLock> Below(DavPath collection) =>
        [.. _byRoot.Where(locks => locks.Key.IsBelow(collection)).SelectMany(locks => locks.Value)];
}
