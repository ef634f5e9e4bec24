namespace WebDav.Progress;

/// <summary>
/// Sends <c>102 Processing</c> while something takes its time (RFC 2518 10.1). When <see cref="WhileAsync"/> returns, the last
/// one has left or will never be sent: nothing of it can follow the final response.
/// </summary>
internal sealed class KeepAliveEmitter(KeepAliveOptions options, TimeProvider time)
{
    /// <summary>Awaits work, with interim responses as long as it goes on.</summary>
    /// <param name="work">What to wait for; it runs on its own.</param>
    /// <param name="interim">The way to send interim responses; null where there is none.</param>
    /// <param name="maximum">How many to send at most.</param>
    /// <param name="fields">Makes the header fields of each, told how many were sent before it; null for none.</param>
    /// <returns>The result of the work, and how many interim responses were sent.</returns>
    public async Task<(T Result, int Sent)> WhileAsync<T>(
        Task<T> work, IInterimResponse? interim, int maximum, Func<int, IReadOnlyList<KeyValuePair<string, string>>>? fields = null)
    {
        if (interim is null || maximum <= 0 || work.IsCompleted)
        {
            return (await work, 0);
        }

        using var ended = new CancellationTokenSource();
        var ticking = TickAsync(interim, maximum, fields, ended.Token);
        try
        {
            var result = await work;
            await ended.CancelAsync();
            return (result, await ticking);
        }
        catch
        {
            await ended.CancelAsync();
            await ticking;
            throw;
        }
    }

    private async Task<int> TickAsync(
        IInterimResponse interim, int maximum, Func<int, IReadOnlyList<KeyValuePair<string, string>>>? fields, CancellationToken ended)
    {
        var sent = 0;
        try
        {
            await Task.Delay(options.FirstAfter, time, ended);
            while (sent < maximum)
            {
                if (await interim.SendProcessingAsync(fields?.Invoke(sent) ?? [], ended))
                {
                    sent++;
                }

                await Task.Delay(options.Interval, time, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The work is done: this is how ticking ends.
        }

        return sent;
    }
}
