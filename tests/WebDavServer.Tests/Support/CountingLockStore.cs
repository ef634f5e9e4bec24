using WebDav.Locking;
using WebDav.Protocol;

namespace WebDavServer.Tests.Support;

/// <summary>Counts what a lock store is asked and told.</summary>
internal sealed class CountingLockStore(ILockStore store) : ILockStore
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ActiveLock>> LoadAsync(CancellationToken cancellation) => Counted().LoadAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask SaveAsync(ActiveLock active, CancellationToken cancellation) => Counted().SaveAsync(active, cancellation);

    /// <inheritdoc/>
    public ValueTask RefreshAsync(ActiveLock active, CancellationToken cancellation) => Counted().RefreshAsync(active, cancellation);

    /// <inheritdoc/>
    public ValueTask ForgetAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation) => Counted().ForgetAsync(tokens, cancellation);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation) => Counted().DeleteAsync(tokens, cancellation);

    private ILockStore Counted()
    {
        Interlocked.Increment(ref _calls);
        return store;
    }
}
