using WebDav.Locking;
using WebDav.Operations;
using WebDav.Storage;

namespace WebDav.State;

/// <summary>The state of a server that has its directory to itself: what is left at its start is its own.</summary>
internal sealed class LocalLife(
    TransferRecovery transfers, StateSweep sweep, IStore store, LockTable locks, IOperationLog operations, TimeProvider time) : IStateLife
{
    /// <inheritdoc/>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await transfers.RunAsync(server: null, cancellation);
        await sweep.RunAsync(async (path, ending) => await store.FindAsync(path, ending) is not null, cancellation);
        await locks.LoadAsync(cancellation);
        await operations.InterruptAsync(server: null, time.GetUtcNow(), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask StopAsync() => ValueTask.CompletedTask;
}
