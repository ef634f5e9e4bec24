namespace WebDav.Progress;

/// <summary>
/// Gives signs of life while something takes its time (RFC 2518 10.1). When <see cref="WhileAsync"/> returns, the last one has left
/// or will never be sent: nothing of it can follow the final response.
/// </summary>
internal sealed class KeepAliveEmitter(TimeProvider time)
{
    /// <summary>Awaits work, with signs of life as long as it goes on.</summary>
    /// <param name="work">What to wait for; it runs on its own.</param>
    /// <param name="pace">How many to give at most, and when.</param>
    /// <param name="sign">Gives one; says whether it was given. One that was not is tried again a silence later.</param>
    /// <param name="given">How many this request was given before.</param>
    /// <returns>The result of the work.</returns>
    public async Task<T> WhileAsync<T>(Task<T> work, KeepAlivePace pace, Func<CancellationToken, ValueTask<bool>> sign, int given = 0)
    {
        if (pace.Maximum <= given || work.IsCompleted)
        {
            return await work;
        }

        using var ended = new CancellationTokenSource();
        var ticking = TickAsync(pace, sign, given, ended.Token);
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

    private async Task TickAsync(KeepAlivePace pace, Func<CancellationToken, ValueTask<bool>> sign, int given, CancellationToken ended)
    {
        try
        {
            var silence = pace.First;
            while (given < pace.Maximum)
            {
                // Most work ends before the first: that must not cost an exception.
                await Task.Delay(silence, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (ended.IsCancellationRequested)
                {
                    return;
                }

                given += await sign(ended) ? 1 : 0;
                silence = pace.SilenceAfter(given);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The work is done: this is how ticking ends.
        }
    }
}
