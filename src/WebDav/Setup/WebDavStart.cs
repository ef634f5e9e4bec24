using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebDav.Locking;
using WebDav.Operations;
using WebDav.Progress;
using WebDav.State;
using WebDav.Storage;

namespace WebDav.Setup;

/// <summary>
/// What is done before the first request: what a crash left behind is put in order, and the locks that outlived it count again.
/// And at the end: operations at work are waited for.
/// </summary>
internal sealed partial class WebDavStart(
    TransferRecovery transfers, StateSweep sweep, IStore store, LockTable locks, IOperationLog operations, OperationRegistry registry,
    CurrentKeepAlive keepAlive, TimeProvider time, ILogger<WebDavStart> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await transfers.RunAsync(cancellationToken);
        await sweep.RunAsync(async (path, cancellation) => await store.FindAsync(path, cancellation) is not null, cancellationToken);
        await locks.LoadAsync(cancellationToken);
        await operations.InterruptAsync(time.GetUtcNow(), cancellationToken);
        if (keepAlive.Value.Mode == KeepAliveMode.Auto)
        {
            LogAssumption();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>Before Kestrel stops: the clients that wait for an operation are still connected, and are told its end.</remarks>
    public Task StoppingAsync(CancellationToken cancellationToken) => registry.CloseAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "KeepAlive:Mode Auto assumes that no proxy stands in front that adds no header field of its own, such as nginx with HTTP/1.1 to "
            + "its upstream: it would lose the final answer after a 102. If one does, set KeepAlive:Mode to OnRequest")]
    private partial void LogAssumption();
}
