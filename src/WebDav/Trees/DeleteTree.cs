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
internal sealed class DeleteTree(IStore store, IDeadProperties properties, LockTable locks)
{
    // Members that others add while their collection is being removed are removed too, but not for ever.
    private const int Rounds = 3;

    /// <summary>Removes a resource, its dead properties and its locks.</summary>
    /// <exception cref="StoreException">The resource itself could not be removed, though nothing below it stood in the way.</exception>
    public async IAsyncEnumerable<TreeEvent> RunAsync(Entry root, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var failures = 0;
        await foreach (var step in RemoveAsync(root, cancellation))
        {
            failures += step.Kind == TreeEventKind.Failed ? 1 : 0;
            yield return step;
        }

        if (failures == 0)
        {
            await locks.ReleaseTreeAsync(root.Path, CancellationToken.None);
            await properties.DeleteAsync(root.Path, CancellationToken.None);
        }
        else
        {
            await ForgetRemovedAsync(root);
        }
    }

    private async IAsyncEnumerable<TreeEvent> RemoveAsync(Entry root, [EnumeratorCancellation] CancellationToken cancellation)
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

            var failure = unlistable ?? await TryRemoveAsync(entry, cancellation);
            if (failure is null)
            {
                yield return TreeEvent.Done(entry.Path);
                continue;
            }

            if (entry == root)
            {
                throw failure;
            }

            Keep(stays);
            yield return TreeEvent.Failed(entry.Path, entry.IsCollection, failure.ToDavFault());
        }
    }

    private static void Keep(Stack<bool> stays)
    {
        if (stays.TryPop(out _))
        {
            stays.Push(true);
        }
    }

    private async ValueTask<StoreException?> TryRemoveAsync(Entry entry, CancellationToken cancellation)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                await store.RemoveAsync(entry.Path, cancellation);
                return null;
            }
            catch (StoreException gone) when (gone.Fault == StoreFault.NotFound)
            {
                return null; // Someone else was quicker: it is gone, as was asked.
            }
            catch (StoreException full) when (full.Fault == StoreFault.NotEmpty && round < Rounds)
            {
                await foreach (var member in store.ListAsync(entry.Path, cancellation))
                {
                    await foreach (var step in RemoveAsync(member, cancellation))
                    {
                        _ = step;
                    }
                }
            }
            catch (StoreException fault)
            {
                return fault;
            }
        }
    }

    private async ValueTask ForgetRemovedAsync(Entry root)
    {
        await Orphans.RemoveAsync(store, properties, root.Path, CancellationToken.None);
        foreach (var active in locks.Below(root.Path))
        {
            if (await store.FindAsync(active.Root, CancellationToken.None) is null)
            {
                await locks.ReleaseAsync(active.Token, CancellationToken.None);
            }
        }
    }
}
