using WebDav.Access;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>
/// MOVE (RFC 4918 9.9): a rename; between file systems a whole copy, published, and then the removal of the source. Dead
/// properties move along, locks do not.
/// </summary>
internal sealed class MoveTree(
    IStore store, ITransferJournal journal, ILocks locks, CopyTree copy, DeleteTree delete)
{
    /// <summary>Moves a resource.</summary>
    /// <param name="source">What to move.</param>
    /// <param name="destination">Where to; neither inside the source nor above it.</param>
    /// <param name="replaced">What stands at the destination; null where nothing does.</param>
    /// <param name="control">Holds it, or stops it at the next step, as long as nothing is published.</param>
    /// <exception cref="StoreException">The move as a whole could not be made; source and destination are as they were.</exception>
    public async IAsyncEnumerable<TreeEvent> RunAsync(
        Entry source, DavPath destination, Entry? replaced, TreeControl control)
    {
        var cancellation = control.Stopping;
        var (renamed, displaced) = await TryRenameAsync(source, destination, replaced, cancellation);
        if (!renamed)
        {
            await foreach (var step in MoveAcrossAsync(source, destination, replaced, control))
            {
                yield return step;
            }

            yield break;
        }

        yield return TreeEvent.Done(source.Path);
        await foreach (var step in Displaced.RemoveAsync(displaced, destination, cancellation))
        {
            yield return step;
        }
    }

    private async ValueTask<(bool Renamed, IDisplaced? Displaced)> TryRenameAsync(
        Entry source, DavPath destination, Entry? replaced, CancellationToken cancellation)
    {
        var ended = await locks.EndedByMoveAsync(source.Path, destination, cancellation);
        var note = await journal.BeginMoveAsync(source, destination, replaced, ended, cancellation);
        IDisplaced? displaced;
        try
        {
            displaced = await store.RenameAsync(source.Path, destination, replace: replaced is not null, cancellation);
        }
        catch (StoreException elsewhere) when (elsewhere.Fault == StoreFault.CrossDevice)
        {
            await journal.AbandonAsync(note);
            return (false, null);
        }
        catch
        {
            await journal.AbandonAsync(note);
            throw;
        }

        if (replaced is not null || displaced is not null)
        {
            await journal.OweAsync(note);
            locks.Forget(note.Ended);
            return (true, displaced);
        }

        try
        {
            await journal.CompleteAsync(note);
        }
        catch (StoreException)
        {
            // The name alone would have moved. Nothing was replaced, so that it can be taken back.
            await store.RenameAsync(destination, source.Path, replace: false, CancellationToken.None);
            await journal.AbandonAsync(note);
            throw;
        }

        locks.Forget(note.Ended);
        return (true, displaced);
    }

    private async IAsyncEnumerable<TreeEvent> MoveAcrossAsync(Entry source, DavPath destination, Entry? replaced, TreeControl control)
    {
        var cancellation = control.Stopping;
        await using var staged = await store.StageTreeAsync(destination, keepTimes: true, cancellation);
        var failures = 0;
        await foreach (var step in copy.FillAsync(staged, source, destination, Depth.Infinity, UserAccess.Full, control))
        {
            failures += step.Kind == TreeEventKind.Failed ? 1 : 0;
            yield return step;
        }

        if (failures > 0)
        {
            // A source goes only when all of it has arrived: nothing is published, nothing is removed. Those that did not fail
            // are not moved either, which their silence in a 207 would deny.
            yield return TreeEvent.Failed(source.Path, source.IsCollection, new DavFault(424, "not moved, because of its members"));
            yield break;
        }

        var displaced = await copy.PublishAsync(staged, source.Path, destination, Depth.Infinity, replace: replaced is not null, cancellation);
        await foreach (var step in RemoveSourceAsync(source, control with { Stopping = CancellationToken.None }))
        {
            yield return step;
        }

        await foreach (var step in Displaced.RemoveAsync(displaced, destination, cancellation))
        {
            yield return step;
        }
    }

    // The copy is published: what is left of the source is told beside that, even if it is the source itself that stays.
    private async IAsyncEnumerable<TreeEvent> RemoveSourceAsync(Entry source, TreeControl control)
    {
        await using var steps = delete.RunAsync(source, control).GetAsyncEnumerator(CancellationToken.None);
        StoreException? failure = null;
        while (failure is null)
        {
            try
            {
                if (!await steps.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (StoreException fault)
            {
                failure = fault;
            }

            yield return failure is null ? steps.Current : TreeEvent.Failed(source.Path, source.IsCollection, failure.ToDavFault());
        }
    }
}
