using System.Runtime.CompilerServices;
using WebDav.Access;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>
/// Walks a resource and what is below it, depth first. A collection is listed as it is walked, so memory grows with how deep the
/// tree is and not with how much is in it.
/// </summary>
/// <param name="store">Where the tree is.</param>
/// <param name="root">Where to begin.</param>
/// <param name="depth">How far to go.</param>
/// <param name="followLinks">Whether to go into collections that are reached through a link; DELETE never does.</param>
/// <param name="visibleTo">Leaves out the members that this user may not read; null walks all.</param>
internal sealed class WalkTree(IStore store, Entry root, Depth depth, bool followLinks, UserAccess? visibleTo = null)
{
    private readonly Stack<Level> _levels = new();
    private bool _skip;

    /// <summary>Where it begins.</summary>
    public Entry Root => root;

    /// <summary>Leaves out what is below the collection that was visited last.</summary>
    public void Skip() => _skip = true;

    /// <summary>The steps; an enumeration belongs to one walk.</summary>
    public async IAsyncEnumerable<WalkStep> StepsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            yield return new WalkStep(WalkStepKind.Visit, root);
            if (Enter(root, cancellation) is { } fault)
            {
                yield return new WalkStep(WalkStepKind.Unlistable, root, fault);
            }

            while (_levels.TryPeek(out var level))
            {
                cancellation.ThrowIfCancellationRequested();
                _skip = false;
                var (member, unlistable) = await NextAsync(level);
                if (unlistable is not null)
                {
                    yield return new WalkStep(WalkStepKind.Unlistable, level.Collection, unlistable);
                }

                if (member is null)
                {
                    _levels.Pop();
                    await level.Members.DisposeAsync();
                    yield return new WalkStep(WalkStepKind.Leave, level.Collection);
                    continue;
                }

                yield return new WalkStep(WalkStepKind.Visit, member);
                if (depth == Depth.Infinity && Enter(member, cancellation) is { } loop)
                {
                    yield return new WalkStep(WalkStepKind.Unlistable, member, loop);
                }
            }
        }
        finally
        {
            while (_levels.TryPop(out var level))
            {
                await level.Members.DisposeAsync();
            }
        }
    }

    private async ValueTask<(Entry? Member, StoreException? Fault)> NextAsync(Level level)
    {
        try
        {
            while (await level.Members.MoveNextAsync())
            {
                if (visibleTo is null || visibleTo.MayRead(level.Members.Current.Path))
                {
                    return (level.Members.Current, null);
                }
            }

            return (null, null);
        }
        catch (StoreException fault)
        {
            return (null, fault);
        }
    }

    private StoreException? Enter(Entry entry, CancellationToken cancellation)
    {
        if (_skip || depth == Depth.Zero || !entry.IsCollection || (entry.IsLink && !followLinks))
        {
            return null;
        }

        if (entry.IsLink && _levels.Any(level => level.Collection.Identity == entry.Identity))
        {
            return new StoreException(StoreFault.Loop, entry.Path, "the link leads to a collection that is being walked");
        }

        _levels.Push(new Level(entry, store.ListAsync(entry.Path, cancellation).GetAsyncEnumerator(cancellation)));
        return null;
    }

    private sealed record Level(Entry Collection, IAsyncEnumerator<Entry> Members);
}
