using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace WebDavServer.Hosting.Interim;

/// <summary>The transport of an HTTP/2 connection, with an output into which interim responses can be slipped.</summary>
internal sealed class Http2Transport : IDuplexPipe
{
    private Http2Transport(PipeReader input, PipeWriter output)
    {
        Input = input;
        Output = output;
    }

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <summary>Stands before a transport, and puts its output into the connection's features, where requests find it.</summary>
    public static Http2Transport Before(IDuplexPipe transport, PipeReader input, BaseConnectionContext connection)
    {
        Http2Output output = new(transport.Output);
        connection.Features.Set(output);
        return new(input, output);
    }
}
