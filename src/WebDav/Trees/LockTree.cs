using System.Runtime.CompilerServices;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>
/// The visit that a deep LOCK pays to every member (RFC 4918 9.10.3): each must be writable by this server and free of locks in
/// conflict. Those that are not are reported; the lock itself is granted by the caller, if none is.
/// </summary>
internal sealed class LockTree(IStore store, ILocks locks)
{
    public async IAsyncEnumerable<TreeEvent> RunAsync(Entry root, LockScope scope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var known = await locks.AskAsync(root.Path, below: true, cancellation);
        await foreach (var (kind, entry, unlistable) in new WalkTree(store, root, Depth.Infinity, followLinks: true).StepsAsync(cancellation))
        {
            if (kind == WalkStepKind.Leave)
            {
                continue;
            }

            var fault = unlistable?.Fault ?? await store.CheckWritableAsync(entry, cancellation);
            if (fault == StoreFault.NotFound && entry.Path != root.Path)
            {
                continue; // It has vanished meanwhile, and is in nobody's way.
            }

            if (fault is { } obstacle)
            {
                yield return TreeEvent.Failed(entry.Path, entry.IsCollection, obstacle.ToDavFault());
            }
            else if (known.Conflicts(entry.Path, scope, Depth.Zero) is { Count: > 0 } conflicts)
            {
                yield return TreeEvent.Failed(entry.Path, entry.IsCollection, Conflict(conflicts));
            }
            else
            {
                yield return TreeEvent.Done(entry.Path);
            }
        }
    }

    /// <summary>What is said of a resource that is locked already (RFC 4918 16, <c>no-conflicting-lock</c>).</summary>
    public static DavFault Conflict(IReadOnlyList<ActiveLock> conflicts) =>
        new(423, "the resource is locked in conflict with the lock asked for", DavNames.NoConflictingLock)
        {
            Hrefs = [.. conflicts.Select(active => active.Root).Distinct()],
        };
}
