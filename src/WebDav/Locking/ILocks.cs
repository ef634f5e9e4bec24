using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>The authority over write locks (RFC 4918 6, 7): which there are, which may be granted, and when they end.</summary>
/// <remarks>
/// Whoever grants a lock or writes what one might cover holds a <see cref="WriteLease"/> on it, so that what was asked under the
/// lease is still so when it acts.
/// </remarks>
internal interface ILocks
{
    /// <summary>All locks, where this server alone grants them and so knows them; null where they have to be asked for.</summary>
    ILockView? AtHand { get; }

    /// <summary>How many locks there are that have not ended, as far as is known without asking.</summary>
    int Count { get; }

    /// <summary>The locks of some areas, as of one moment.</summary>
    ValueTask<ILockView> AskAsync(IReadOnlyList<LockArea> areas, CancellationToken cancellation);

    /// <summary>Takes the room for one more lock of a user; locks that have ended take none.</summary>
    /// <returns>The place, or why there is none.</returns>
    ValueTask<(LockPlace? Place, DavFault? Refusal)> ReserveAsync(string? principal, CancellationToken cancellation);

    /// <summary>Grants a lock that has no conflict, in the place that was taken for it. The caller holds the lease on what is locked.</summary>
    ValueTask<ActiveLock> GrantAsync(LockRequest request, LockPlace place, CancellationToken cancellation);

    /// <summary>Lets a lock last anew (RFC 4918 9.10.2); its token stays.</summary>
    /// <returns>The lock as it is now, or null if it has ended meanwhile.</returns>
    ValueTask<ActiveLock?> RefreshAsync(LockToken token, IReadOnlyList<TimeSpan> timeouts, CancellationToken cancellation);

    /// <summary>Ends one lock (RFC 4918 9.11). If that cannot be kept, the lock stays as it is.</summary>
    ValueTask ReleaseAsync(LockToken token, CancellationToken cancellation);

    /// <summary>Ends the locks of resources that are gone: those rooted at or below a path (RFC 4918 7.6, 9.6, 9.9).</summary>
    ValueTask ReleaseTreeAsync(DavPath path, CancellationToken cancellation);

    /// <summary>Stops counting locks whose end is kept elsewhere already.</summary>
    void Forget(IReadOnlyCollection<LockToken> tokens);

    /// <summary>Whether a lock that was granted may still be there; false where it is known to have ended.</summary>
    bool MayCount(LockToken token);
}
