using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebDav.Operations;
using WebDav.Progress;
using WebDav.State;

namespace WebDav.Setup;

/// <summary>
/// What is done before the first request: what a crash left behind is put in order, and the locks that outlived it count again.
/// And at the end: operations at work are waited for, and other servers have nothing to clear up.
/// </summary>
internal sealed partial class WebDavStart(
    IStateLife state, OperationRegistry registry, CurrentKeepAlive keepAlive, ILogger<WebDavStart> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await state.StartAsync(cancellationToken);
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
    public Task StoppedAsync(CancellationToken cancellationToken) => state.StopAsync().AsTask();

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "KeepAlive:Mode Auto assumes that no proxy stands in front that adds no header field of its own, such as nginx with HTTP/1.1 to "
            + "its upstream: it would lose the final answer after a 102. If one does, set KeepAlive:Mode to OnRequest")]
    private partial void LogAssumption();
}
