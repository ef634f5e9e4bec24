using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>Where locks are kept so that they outlive the server. What a method confirms by returning is kept.</summary>
public interface ILockStore
{
    /// <summary>All locks, the expired ones too.</summary>
    ValueTask<IReadOnlyList<ActiveLock>> LoadAsync(CancellationToken cancellation);

    /// <summary>Keeps a new lock.</summary>
    ValueTask SaveAsync(ActiveLock active, CancellationToken cancellation);

    /// <summary>Keeps the timeout and the end that a lock has now. One that was forgotten meanwhile stays so.</summary>
    ValueTask RefreshAsync(ActiveLock active, CancellationToken cancellation);

    /// <summary>Forgets locks that have ended: if that cannot be written now, then before anything else is; unknown tokens are no fault.</summary>
    ValueTask ForgetAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation);

    /// <summary>Forgets locks, all in one step; unknown tokens are no fault.</summary>
    ValueTask DeleteAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation);
}
