using System.IO.Pipelines;
using WebDav.Progress;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>
/// The body of a response that is written as its content is found, and is never silent for long: when it stalls, what is buffered
/// leaves with a newline behind it. Writer and newlines take turns, and a turn is never given up within an element.
/// </summary>
internal sealed class SteadyBody(PipeWriter output, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private long _flushed = time.GetTimestamp();

    /// <summary>The document; written to by whoever has the turn.</summary>
    public XmlOutput Xml { get; } = new(output);

    /// <summary>Takes the turn: from here to <see cref="EndTurn"/> nobody else writes.</summary>
    public Task TakeTurnAsync(CancellationToken cancellation) => _turn.WaitAsync(cancellation);

    /// <summary>Gives the turn back, at a place where white space does no harm.</summary>
    public void EndTurn() => _turn.Release();

    /// <summary>Sends what is buffered; for whoever has the turn.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        await output.FlushAsync(cancellation);
        Volatile.Write(ref _flushed, time.GetTimestamp());
    }

    /// <summary>Awaits the writer of the body, with newlines where it is silent. When this returns, none can follow any more.</summary>
    /// <param name="writer">The writer; it runs on its own, as the store behind it may hold its thread.</param>
    /// <param name="pace">The silence before the first newline, and between two.</param>
    /// <param name="filled">Is called for each newline that was sent.</param>
    /// <param name="cancellation">Cancelled when the client goes away.</param>
    public async Task WhileAsync(Task writer, KeepAlivePace pace, Action filled, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var filling = FillAsync(pace, filled, cancellation, ended.Token);
        try
        {
            await writer;
        }
        finally
        {
            await ended.CancelAsync();
            await filling;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task FillAsync(KeepAlivePace pace, Action filled, CancellationToken gone, CancellationToken ended)
    {
        var silence = pace.First;
        try
        {
            while (true)
            {
                // Most bodies are whole before the first: that must not cost an exception.
                var left = silence - Silent;
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (ended.IsCancellationRequested)
                {
                    return;
                }

                // Waiting for the turn, because the writer waits for the client, is no silence: then nothing is missing.
                await _turn.WaitAsync(ended);
                try
                {
                    if (Silent >= silence)
                    {
                        Xml.Raw("\n"u8);
                        await FlushAsync(gone); // never cut short by the end of the writer: Kestrel would end the connection
                        filled();
                        silence = pace.Interval;
                    }
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The body is whole, or nobody reads it any more.
        }
    }

    private TimeSpan Silent => time.GetElapsedTime(Volatile.Read(ref _flushed));
}
