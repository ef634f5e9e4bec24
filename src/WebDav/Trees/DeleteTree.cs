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
    public async IAsyncEnumerable<TreeEvent> RunAsync(Entry root, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var failures = 0;
        var ended = false;
        using var removal = store.BeginRemoval();
        try
        {
            await foreach (var (entry, failure) in RemoveAsync(root, removal, Rounds, cancellation))
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
        Entry root, IRemoval removal, int rounds, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // For each collection that the walk is in: whether something in it stays, so that it must stay too.
        var stays = new Stack<bool>();
        await foreach (var (kind, entry, unlistable) in new WalkTree(store, root, Depth.Infinity, followLinks: false).StepsAsync(cancellation))
        {
            if (kind == WalkStepKind.Visit && entry is { IsCollection: true, IsLink: false })
            {
                stays.Push(false);
                continue;
            }

            if (kind == WalkStepKind.Leave && stays.Pop())
            {
                Keep(stays);
                continue;
            }

            if (unlistable is { Fault: StoreFault.NotFound })
            {
                continue; // It has vanished; its removal, when the walk leaves it, finds the same.
            }

            var failure = unlistable ?? await TryRemoveAsync(removal, entry, cancellation);
            if (failure is { Fault: StoreFault.NotEmpty } && rounds > 1)
            {
                await foreach (var again in RemoveAsync(entry, removal, rounds - 1, cancellation))
                {
                    if (again.Failure is not null)
                    {
                        Keep(stays);
                    }

                    yield return again;
                }

                continue;
            }

            if (failure is not null)
            {
                Keep(stays);
            }

            yield return (entry, failure);
        }
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
