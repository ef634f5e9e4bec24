namespace WebDavServer.Hosting.Stalling;

/// <summary>
/// Bounds each wait for a client, and not their sum: who is slow may take as long as it likes. Most requests never wait, and have no
/// timer; the others have one.
/// </summary>
/// <param name="longest">How long one wait may be.</param>
/// <param name="time">The clock.</param>
/// <param name="tooLong">Ends a wait that is longer.</param>
internal sealed class ClientWait(TimeSpan longest, TimeProvider time, Action tooLong) : IDisposable
{
    private ITimer? _timer;

    /// <summary>Awaits the client.</summary>
    public ValueTask<T> ForAsync<T>(ValueTask<T> client) => client.IsCompleted ? client : BoundedAsync(client);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private async ValueTask<T> BoundedAsync<T>(ValueTask<T> client)
    {
        _timer ??= time.CreateTimer(_ => tooLong(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(longest, Timeout.InfiniteTimeSpan);
        try
        {
            return await client;
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
