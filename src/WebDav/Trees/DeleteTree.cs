using System.Runtime.CompilerServices;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>
/// DELETE (RFC 4918 9.6.1): members first. What cannot be removed is reported, stays, and keeps the collections above it; its
/// siblings go. Links are removed, never what they point to.
/// </summary>
internal sealed class DeleteTree(IStore store, IDeadProperties properties, ILocks locks)
{
    // Members that others add while their collection is being removed are removed too, but not for ever.
    private const int Rounds = 3;

    /// <summary>Removes a resource, its dead properties and its locks.</summary>
    /// <exception cref="StoreException">The resource itself could not be removed, though nothing below it stood in the way.</exception>
    public async IAsyncEnumerable<TreeEvent> RunAsync(Entry root, TreeControl control)
    {
        var failures = 0;
        var ended = false;
        using var removal = store.BeginRemoval();
        try
        {
            await foreach (var (entry, failure) in RemoveAsync(root, removal, Rounds, control))
            {
                if (failure is not null && failures++ == 0 && entry.Path == root.Path)
                {
                    throw failure;
                }

                yield return failure is null ? TreeEvent.Done(entry.Path) : TreeEvent.Failed(entry.Path, entry.IsCollection, failure.ToDavFault());
            }

            ended = true;
        }
        finally
        {
            // Also after a failure and when cancelled: what went, went.
            await ForgetAsync(root.Path, all: ended && failures == 0);
        }
    }

    private async IAsyncEnumerable<(Entry Entry, StoreException? Failure)> RemoveAsync(
        Entry root, IRemoval removal, int rounds, TreeControl control)
    {
        // For each collection that is not done: whether something in it stays, so that it must stay too.
        var stays = new Stack<bool>();
        await foreach (var removed in StepsAsync(root, removal, stays, control))
        {
            if (removed.Failure is { Fault: StoreFault.NotEmpty } && rounds > 1)
            {
                await foreach (var again in RemoveAsync(removed.Entry, removal, rounds - 1, control))
                {
                    if (again.Failure is not null)
                    {
                        Keep(stays);
                    }

                    yield return again;
                }

                continue;
            }

            if (removed.Failure is not null)
            {
                Keep(stays);
            }

            yield return removed;
        }
    }

    private async IAsyncEnumerable<(Entry Entry, StoreException? Failure)> StepsAsync(
        Entry root, IRemoval removal, Stack<bool> stays, TreeControl control)
    {
        var cancellation = control.Stopping;
        await using TreeQueue<(Entry Entry, StoreException? Failure)> queue = new(file => RemoveOneAsync(removal, file, cancellation), control);
        await foreach (var (kind, entry, unlistable) in new WalkTree(store, root, Depth.Infinity, followLinks: false).StepsAsync(cancellation))
        {
            switch (kind)
            {
                case WalkStepKind.Visit when entry is { IsCollection: true, IsLink: false }:
                    queue.Add(() =>
                    {
                        stays.Push(false);
                        return ValueTask.FromResult<IReadOnlyList<(Entry, StoreException?)>>([]);
                    });
                    break;
                case WalkStepKind.Visit when entry == root:
                    yield return (entry, await TryRemoveAsync(removal, entry, cancellation));
                    break;
                case WalkStepKind.Visit:
                    queue.Add(entry);
                    break;
                case WalkStepKind.Leave:
                    queue.Add(() => LeaveAsync(entry, removal, stays, cancellation));
                    break;
                case WalkStepKind.Unlistable when unlistable!.Fault != StoreFault.NotFound:
                    queue.Add([(entry, unlistable)]);
                    break;
                default:
                    break; // It has vanished; its removal, when the walk leaves it, finds the same.
            }

            await foreach (var told in queue.DueAsync())
            {
                yield return told;
            }
        }

        await foreach (var told in queue.RestAsync())
        {
            yield return told;
        }
    }

    // All that was in it has been told by now.
    private static async ValueTask<IReadOnlyList<(Entry Entry, StoreException? Failure)>> LeaveAsync(
        Entry collection, IRemoval removal, Stack<bool> stays, CancellationToken cancellation)
    {
        if (stays.Pop())
        {
            Keep(stays);
            return [];
        }

        return [(collection, await TryRemoveAsync(removal, collection, cancellation))];
    }

    private static async IAsyncEnumerable<(Entry Entry, StoreException? Failure)> RemoveOneAsync(
        IRemoval removal, Entry file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return (file, await TryRemoveAsync(removal, file, cancellation));
    }

    private static void Keep(Stack<bool> stays)
    {
        if (stays.TryPop(out _))
        {
            stays.Push(true);
        }
    }

    private static async ValueTask<StoreException?> TryRemoveAsync(IRemoval removal, Entry entry, CancellationToken cancellation)
    {
        try
        {
            await removal.RemoveAsync(entry.Path, cancellation);
            return null;
        }
        catch (StoreException gone) when (gone.Fault == StoreFault.NotFound)
        {
            return null; // Someone else was quicker: it is gone, as was asked.
        }
        catch (StoreException fault)
        {
            return fault;
        }
    }

    private async ValueTask ForgetAsync(DavPath root, bool all)
    {
        if (all)
        {
            await locks.ReleaseTreeAsync(root, CancellationToken.None);
            await properties.DeleteAsync(root, CancellationToken.None);
            return;
        }

        await Orphans.RemoveAsync(store, properties, root, CancellationToken.None);
        var known = await locks.AskAsync(root, below: true, CancellationToken.None);
        foreach (var locked in known.Below(root).Select(active => active.Root).Append(root))
        {
            if (await Orphans.IsGoneAsync(store, locked, CancellationToken.None))
            {
                await locks.ReleaseTreeAsync(locked, CancellationToken.None);
            }
        }
    }
}
