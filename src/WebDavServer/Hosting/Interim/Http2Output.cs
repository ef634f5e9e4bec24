using System.Buffers;
using System.IO.Pipelines;

namespace WebDavServer.Hosting.Interim;

/// <summary>
/// The output of an HTTP/2 connection, into which frames can be slipped between those of Kestrel. Kestrel writes and flushes under a
/// lock of its own that nobody else can take, so this one stands in between: each call of Kestrel's is a few field accesses under a lock
/// that is free unless a frame is slipped in at that moment.
/// </summary>
internal sealed class Http2Output : PipeWriter
{
    private static readonly Task<bool> LeftOut = Task.FromResult(false);

    private readonly Lock _gate = new();
    private readonly PipeWriter _inner;
    private readonly Http2FrameScanner _scanner;
    private readonly HashSet<int> _open = [];

    // A stream writer, as under TLS, must not be written while it is flushed: what Kestrel writes while the flush of a slipped-in frame
    // waits for the client is put aside, and written before Kestrel's own flush.
    private ArrayBufferWriter<byte>? _aside;
    private Task _flush = Task.CompletedTask;
    private Memory<byte> _handedOut;
    private bool _isWriting;

    /// <summary>Stands before another output.</summary>
    public Http2Output(PipeWriter inner)
    {
        _inner = inner;
        _scanner = new(stream => _open.Remove(stream));
    }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => _inner.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes
    {
        get
        {
            lock (_gate)
            {
                return _inner.UnflushedBytes + (_aside?.WrittenCount ?? 0);
            }
        }
    }

    /// <summary>Allows frames to be slipped in for a stream, until it is closed, its final response begins or it is reset.</summary>
    public void Open(int stream)
    {
        lock (_gate)
        {
            _open.Add(stream);
        }
    }

    /// <summary>From the return of this call on, no frame is slipped in for the stream.</summary>
    public void Close(int stream)
    {
        lock (_gate)
        {
            _open.Remove(stream);
        }
    }

    /// <summary>
    /// Slips in a frame, if the stream is open, the output stands at the boundary of a frame, and no flush is going on. A flush that is
    /// going on means that the client has not yet taken what it was sent before.
    /// </summary>
    /// <returns>Whether it left, once it did; false at once if it was left out.</returns>
    public Task<bool> SendAsync(int stream, ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (!_open.Contains(stream) || _isWriting || _aside is not null || !_scanner.IsAtBoundary || !_flush.IsCompletedSuccessfully)
            {
                return LeftOut;
            }

            try
            {
                _inner.Write(frame);
            }
            catch (InvalidOperationException)
            {
                return LeftOut; // The output was completed: the connection is over.
            }

            return SentAsync();
        }
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        lock (_gate)
        {
            _isWriting = true;
            if (_aside is null && !_flush.IsCompleted)
            {
                _aside = new();
            }

            return _handedOut = _aside is null ? _inner.GetMemory(sizeHint) : _aside.GetMemory(sizeHint);
        }
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        lock (_gate)
        {
            _scanner.Read(_handedOut.Span[..bytes]);
            if (_aside is null)
            {
                _inner.Advance(bytes);
            }
            else
            {
                _aside.Advance(bytes);
            }

            _handedOut = default;
            _isWriting = false;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _isWriting = false;
            return _flush.IsCompleted ? FlushNow(cancellationToken) : new(FlushLaterAsync(_flush, cancellationToken));
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => _inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            _open.Clear();
        }

        _inner.Complete(exception);
    }

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        lock (_gate)
        {
            _open.Clear();
        }

        return _inner.CompleteAsync(exception);
    }

    /// <summary>Under the lock, while no flush is going on.</summary>
    private ValueTask<FlushResult> FlushNow(CancellationToken cancellation)
    {
        if (_aside is { } aside)
        {
            _aside = null;
            _inner.Write(aside.WrittenSpan);
        }

        ValueTask<FlushResult> flush = _inner.FlushAsync(cancellation);
        if (flush.IsCompletedSuccessfully)
        {
            return flush;
        }

        Task<FlushResult> task = flush.AsTask();
        _flush = task;
        return new(task);
    }

    private async Task<FlushResult> FlushLaterAsync(Task flush, CancellationToken cancellation)
    {
        while (true)
        {
            await flush.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ValueTask<FlushResult> own;
            lock (_gate)
            {
                if (!_flush.IsCompleted)
                {
                    flush = _flush;
                    continue;
                }

                own = FlushNow(cancellation);
            }

            return await own;
        }
    }

    /// <summary>Begins under the lock. Never cancelled, as half a flush cannot be taken back.</summary>
    private async Task<bool> SentAsync()
    {
        try
        {
            FlushResult result = await FlushNow(CancellationToken.None);
            return !result.IsCompleted;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            return false; // The connection is gone; Kestrel finds out by itself.
        }
    }
}
