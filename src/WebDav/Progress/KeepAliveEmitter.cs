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
    /// <param name="sent">Is called for each that was sent, also if the work then fails.</param>
    /// <param name="fields">Makes the header fields of each; null for none.</param>
    /// <returns>The result of the work.</returns>
    public async Task<T> WhileAsync<T>(
        Task<T> work, IInterimResponse? interim, int maximum, Action sent, Func<IReadOnlyList<KeyValuePair<string, string>>>? fields = null)
    {
        if (interim is null || maximum <= 0 || work.IsCompleted)
        {
            return await work;
        }

        using var ended = new CancellationTokenSource();
        var ticking = TickAsync(interim, maximum, sent, fields, ended.Token);
        try
        {
            return await work;
        }
        finally
        {
            await ended.CancelAsync();
            await ticking;
        }
    }

    private async Task TickAsync(
        IInterimResponse interim, int maximum, Action sent, Func<IReadOnlyList<KeyValuePair<string, string>>>? fields, CancellationToken ended)
    {
        try
        {
            await Task.Delay(options.FirstAfter, time, ended);
            for (var count = 0; count < maximum;)
            {
                if (await interim.SendProcessingAsync(fields?.Invoke() ?? [], ended))
                {
                    count++;
                    sent();
                }

                await Task.Delay(options.Interval, time, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The work is done: this is how ticking ends.
        }
    }
}
