using System.Runtime.CompilerServices;
using WebDav.Access;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>
/// COPY (RFC 4918 9.8): builds the copy out of sight, publishes it in one step, gives it the dead properties of its source, and
/// then clears away what it has replaced. A member that fails is reported and its siblings go on.
/// </summary>
internal sealed class CopyTree(IStore store, IDeadProperties properties, ITransferJournal journal, ILocks locks)
{
    /// <summary>A file of more bytes is copied on its own, and each chunk of it told.</summary>
    public const long SmallFile = 256 * 1024;

    /// <summary>Copies a resource.</summary>
    /// <param name="source">What to copy.</param>
    /// <param name="destination">Where the copy will be; neither inside the source nor above it.</param>
    /// <param name="depth">Infinity, or zero for a collection without its members (RFC 4918 9.8.3).</param>
    /// <param name="reader">Whose copy it is: members that this user may not read fail.</param>
    /// <param name="replaced">What stands at the destination; null where nothing does.</param>
    /// <param name="control">Holds it, or stops it at the next step; the destination is then as it was.</param>
    /// <exception cref="StoreException">The copy as a whole could not be made; the destination is as it was.</exception>
    public async IAsyncEnumerable<TreeEvent> RunAsync(
        Entry source, DavPath destination, Depth depth, Entry? replaced, UserAccess reader, TreeControl control)
    {
        var cancellation = control.Stopping;
        await using var staged = await store.StageTreeAsync(destination, keepTimes: false, cancellation);
        var failures = 0;
        await foreach (var step in FillAsync(staged, source, destination, depth, reader, control))
        {
            failures += step.Kind == TreeEventKind.Failed ? 1 : 0;
            yield return step;
        }

        if (failures > 0 && replaced is not null)
        {
            // What stands there goes only for a copy that is whole; it is a failed dependency of the members above.
            yield return TreeEvent.Failed(destination, replaced.IsCollection, new DavFault(424, "kept, because its replacement is not whole"));
            yield break;
        }

        var displaced = await PublishAsync(staged, source.Path, destination, depth, replace: replaced is not null, cancellation);
        await foreach (var step in Displaced.RemoveAsync(displaced, destination, cancellation))
        {
            yield return step;
        }
    }

    /// <summary>Publishes a copy with the dead properties of its source; what it replaces loses its own, and its members their locks.</summary>
    /// <returns>What was replaced, if there is something to remove.</returns>
    /// <exception cref="StoreException">It could not be published; nothing has changed.</exception>
    public async ValueTask<IDisplaced?> PublishAsync(
        IStagedTree staged, DavPath source, DavPath destination, Depth depth, bool replace, CancellationToken cancellation)
    {
        var ended = await locks.EndedByCopyAsync(destination, cancellation);
        var note = await journal.BeginCopyAsync(source, destination, staged.Identity, tree: depth == Depth.Infinity, ended, cancellation);
        IDisplaced? displaced;
        try
        {
            displaced = await staged.PublishAsync(replace, cancellation);
        }
        catch
        {
            await journal.AbandonAsync(note);
            throw;
        }

        await journal.OweAsync(note);
        locks.Forget(note.Ended);
        if (depth == Depth.Infinity)
        {
            // Of members that failed, or went while they were walked.
            await Orphans.RemoveAsync(store, properties, destination, CancellationToken.None);
        }

        return displaced;
    }

    /// <summary>Copies a tree into a staged one, without publishing it.</summary>
    public async IAsyncEnumerable<TreeEvent> FillAsync(
        IStagedTree staged, Entry source, DavPath destination, Depth depth, UserAccess reader, TreeControl control)
    {
        var cancellation = control.Stopping;
        var walk = new WalkTree(store, source, depth == Depth.Zero ? Depth.Zero : Depth.Infinity, followLinks: true);
        await using TreeQueue<TreeEvent> queue = new(
            file => CopyFileAsync(staged, file, file.Path.Relocate(source.Path, destination), isRoot: false, cancellation), control);
        await foreach (var step in walk.StepsAsync(cancellation))
        {
            var entry = step.Entry;
            var path = entry.Path.Relocate(source.Path, destination);
            if (!reader.MayRead(entry.Path))
            {
                walk.Skip();
                queue.Add([TreeEvent.Failed(entry.Path, entry.IsCollection, UserAccess.Forbidden(AccessLevel.ReadOnly))]);
            }
            else if (entry.IsCollection && step.Kind == WalkStepKind.Visit)
            {
                // At once, so that its members find it.
                var (told, failed) = await CopyCollectionAsync(staged, step, path, isRoot: entry == source, cancellation);
                queue.Add(told);
                if (failed)
                {
                    walk.Skip();
                }
            }
            else if (entry.IsCollection)
            {
                queue.Add(async () => (await CopyCollectionAsync(staged, step, path, isRoot: entry == source, cancellation)).Told);
            }
            else if (entry.Length <= SmallFile && entry != source)
            {
                queue.Add(entry);
            }
            else
            {
                await foreach (var told in queue.RestAsync())
                {
                    yield return told;
                }

                await foreach (var copied in CopyFileAsync(staged, entry, path, isRoot: entry == source, cancellation))
                {
                    yield return copied;
                }
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

        if (depth == Depth.Zero && source.IsCollection)
        {
            await staged.CompleteCollectionAsync(source.Path, destination, cancellation); // The walk did not enter it, and so never leaves it.
        }
    }

    // The request's own failure, and a full disk, end the operation; anything else is the member's own.
    private static bool EndsAll(StoreException fault, bool isRoot) => isRoot || fault.Fault == StoreFault.NoSpace;

    // A member that goes meanwhile is left out, as if it had gone a moment sooner: the store leaves such out of its listings, too.
    private static bool HasVanished(Entry entry, StoreException fault) => fault.Fault == StoreFault.NotFound && fault.Path == entry.Path;

    private static async ValueTask<(IReadOnlyList<TreeEvent> Told, bool Failed)> CopyCollectionAsync(
        IStagedTree staged, WalkStep step, DavPath path, bool isRoot, CancellationToken cancellation)
    {
        try
        {
            switch (step.Kind)
            {
                case WalkStepKind.Visit:
                    await staged.MakeCollectionAsync(path, cancellation);
                    return ([TreeEvent.Done(step.Entry.Path)], false);
                case WalkStepKind.Leave:
                    await staged.CompleteCollectionAsync(step.Entry.Path, path, cancellation);
                    return ([], false);
                default:
                    throw step.Fault!;
            }
        }
        catch (StoreException fault) when (!EndsAll(fault, isRoot))
        {
            return (HasVanished(step.Entry, fault) ? [] : [TreeEvent.Failed(fault.Path, collection: true, fault.ToDavFault())], true);
        }
    }

    private static async IAsyncEnumerable<TreeEvent> CopyFileAsync(
        IStagedTree staged, Entry source, DavPath path, bool isRoot, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var chunks = staged.CopyFileAsync(source.Path, path, cancellation).GetAsyncEnumerator(cancellation);
        StoreException? failure = null;
        while (true)
        {
            try
            {
                if (!await chunks.MoveNextAsync())
                {
                    break;
                }
            }
            catch (StoreException fault) when (!EndsAll(fault, isRoot))
            {
                failure = fault;
                break;
            }

            yield return TreeEvent.Copied(source.Path, chunks.Current);
        }

        if (failure is null)
        {
            yield return TreeEvent.Done(source.Path);
        }
        else if (!HasVanished(source, failure))
        {
            yield return TreeEvent.Failed(failure.Path, collection: false, failure.ToDavFault());
        }
    }
}
