using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace WebDavServer.Hosting.Interim;

/// <summary>
/// The input of a clear-text connection that begins with the preface of HTTP/2. An endpoint of Kestrel's for HTTP/1.1 and HTTP/2
/// chooses HTTP/2 only where ALPN did, so that is what the connection's features say until the protocol is chosen: the first read comes
/// after the choice and before any request, and takes them back.
/// </summary>
internal sealed class PriorKnowledgeInput : PipeReader
{
    private readonly PipeReader _inner;
    private IFeatureCollection? _chosenBy;

    /// <summary>Stands before the connection's input.</summary>
    public PriorKnowledgeInput(ConnectionContext connection)
    {
        _inner = connection.Transport.Input;
        _chosenBy = connection.Features;
        _chosenBy.Set<ITlsConnectionFeature>(new TlsConnectionFeature());
        _chosenBy.Set<ITlsApplicationProtocolFeature>(new Http2Chosen());
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        TakeBack();
        return _inner.ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        TakeBack();
        return _inner.TryRead(out result);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => _inner.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _inner.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => _inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => _inner.CompleteAsync(exception);

    private void TakeBack()
    {
        if (_chosenBy is { } features)
        {
            _chosenBy = null;
            features.Set<ITlsConnectionFeature>(null);
            features.Set<ITlsApplicationProtocolFeature>(null);
        }
    }

    private sealed class Http2Chosen : ITlsApplicationProtocolFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();
    }
}
