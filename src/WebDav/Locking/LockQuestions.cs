using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>What is asked of locks in more places than one.</summary>
internal static class LockQuestions
{
    /// <summary>The locks that cover a resource, with those below it if that is wanted.</summary>
    public static ValueTask<ILockView> AskAsync(this ILocks locks, DavPath path, bool below, CancellationToken cancellation) =>
        locks.AtHand is { } all ? ValueTask.FromResult(all) : locks.AskAsync([new LockArea(path, below)], cancellation);

    /// <summary>The locks in whose scope a resource is.</summary>
    public static async ValueTask<IReadOnlyList<ActiveLock>> CoveringAsync(this ILocks locks, DavPath path, CancellationToken cancellation) =>
        (await locks.AskAsync(path, below: false, cancellation)).Covering(path);

    /// <summary>
    /// The locks that end when a copy replaces a collection: those of its members. A lock on the replaced resource itself stays, for
    /// the new one joins its scope (RFC 4918 7.7); so an editor keeps its lock when it saves by moving a new file over the old.
    /// </summary>
    public static async ValueTask<IReadOnlyList<LockToken>> EndedByCopyAsync(
        this ILocks locks, DavPath destination, CancellationToken cancellation) =>
        Tokens((await locks.AskAsync(destination, below: true, cancellation)).Below(destination));

    /// <summary>The locks that end when a resource is moved: its own and those below it, and those of members it replaces (RFC 4918 7.7).</summary>
    public static async ValueTask<IReadOnlyList<LockToken>> EndedByMoveAsync(
        this ILocks locks, DavPath source, DavPath destination, CancellationToken cancellation)
    {
        var view = locks.AtHand ?? await locks.AskAsync([new LockArea(source, Below: true), new LockArea(destination, Below: true)], cancellation);
        return Tokens([.. view.Covering(source).Where(active => active.Root == source), .. view.Below(source), .. view.Below(destination)]);
    }

    /// <summary>The locks that forbid a new one: those covering its root and, for a deep one, those below (RFC 4918 6.1, 7.4).</summary>
    public static IReadOnlyList<ActiveLock> Conflicts(this ILockView locks, DavPath root, LockScope scope, Depth depth)
    {
        var met = depth == Depth.Infinity ? locks.Covering(root).Concat(locks.Below(root)) : locks.Covering(root);
        return [.. met.Where(active => scope == LockScope.Exclusive || active.Scope == LockScope.Exclusive)];
    }

    private static IReadOnlyList<LockToken> Tokens(IReadOnlyList<ActiveLock> locks) => [.. locks.Select(active => active.Token)];
}
