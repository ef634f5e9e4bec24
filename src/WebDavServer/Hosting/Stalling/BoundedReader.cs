using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace WebDavServer.Hosting.Stalling;

/// <summary>A request body that is given up, with 408, when the client sends nothing of it for too long.</summary>
internal sealed class BoundedReader : PipeReader, IDisposable
{
    private readonly PipeReader _inner;
    private readonly ClientWait _wait;
    private readonly string _reason;
    private volatile bool _isGivenUp;

    /// <summary>The body behind it, with a bound.</summary>
    public BoundedReader(PipeReader inner, TimeSpan longest, TimeProvider time)
    {
        _inner = inner;
        _reason = $"the client sent nothing of the body for {longest} (Limits:BodyTimeout)";
        _wait = new(longest, time, () =>
        {
            _isGivenUp = true;
            inner.CancelPendingRead();
        });
    }

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ReadResult read = await _wait.ForAsync(_inner.ReadAsync(cancellationToken));
        if (read.IsCanceled && _isGivenUp)
        {
            _inner.AdvanceTo(read.Buffer.Start);
            throw new BadHttpRequestException(_reason, StatusCodes.Status408RequestTimeout);
        }

        return read;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result) => _inner.TryRead(out result);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => _inner.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _inner.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => _inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    /// <inheritdoc/>
    public void Dispose() => _wait.Dispose();
}
