using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace WebDavServer.Hosting.Interim;

/// <summary>
/// A connection that will speak TLS. For addresses of <c>Urls</c> and <c>Kestrel:Endpoints</c> Kestrel puts its TLS middleware behind
/// every one that can be registered, so there is no place inside the encryption; but that middleware sets the connection's
/// <see cref="Transport"/> to the encrypting one when the handshake is done, and that is seen here.
/// </summary>
internal sealed class InsideTlsConnection(ConnectionContext outside) : ConnectionContext
{
    private readonly IDuplexPipe _unencrypted = outside.Transport;

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => outside.Transport;
        set => outside.Transport = ReferenceEquals(value, _unencrypted) || value is Http2Transport || !SpeaksHttp2
            ? value
            : Http2Transport.Before(value, value.Input, outside);
    }

    /// <inheritdoc/>
    public override string ConnectionId { get => outside.ConnectionId; set => outside.ConnectionId = value; }

    /// <inheritdoc/>
    public override IFeatureCollection Features => outside.Features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get => outside.Items; set => outside.Items = value; }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed { get => outside.ConnectionClosed; set => outside.ConnectionClosed = value; }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint { get => outside.LocalEndPoint; set => outside.LocalEndPoint = value; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get => outside.RemoteEndPoint; set => outside.RemoteEndPoint = value; }

    // What ALPN agreed on (RFC 9113 3.2); the feature is there once the handshake is done.
    private bool SpeaksHttp2 => outside.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) == true;

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => outside.Abort(abortReason);

    /// <inheritdoc/>
    public override void Abort() => outside.Abort();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await outside.DisposeAsync();
        await base.DisposeAsync();
    }
}
