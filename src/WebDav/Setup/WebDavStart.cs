using Microsoft.Extensions.Hosting;
using WebDav.Locking;
using WebDav.State;
using WebDav.Storage;

namespace WebDav.Setup;

/// <summary>What is done before the first request: what a crash left behind is put in order, and the locks that outlived it count again.</summary>
internal sealed class WebDavStart(MoveRecovery moves, StateSweep sweep, IStore store, LockTable locks) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await moves.RunAsync(cancellationToken);
        await sweep.RunAsync(async (path, cancellation) => await store.FindAsync(path, cancellation) is not null, cancellationToken);
        await locks.LoadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
