using System.IO.Pipelines;
using System.Xml.Linq;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>
/// A request's body. Nothing of it is read before a handler asks, and a client that sent <c>Expect: 100-continue</c> is told to go
/// on only then (RFC 9110 10.1.1): what is refused before costs no upload.
/// </summary>
internal sealed class RequestBody(PipeReader pipe, long? length, XmlLimits limits)
{
    /// <summary>The length that was announced, in bytes; null for a chunked body.</summary>
    public long? Length { get; } = length;

    /// <summary>How large it may be where it is XML.</summary>
    public XmlLimits Limits { get; } = limits;

    /// <summary>The content, block by block.</summary>
    public PipeReader Pipe { get; } = pipe;

    /// <summary>The XML document it holds; null where there is none.</summary>
    public Task<XElement?> ReadXmlAsync(CancellationToken cancellation) => XmlBody.ReadAsync(Pipe.AsStream(leaveOpen: true), Limits, cancellation);

    /// <summary>Whether all of it is in memory already, so that reading it waits for nobody. Nothing is read.</summary>
    public bool IsHere()
    {
        if (Length is null or 0 || !Pipe.TryRead(out var read))
        {
            return Length == 0;
        }

        var here = read.Buffer.Length == Length;
        Pipe.AdvanceTo(read.Buffer.Start);
        return here;
    }

    /// <summary>Whether it has any bytes.</summary>
    public async ValueTask<bool> IsEmptyAsync(CancellationToken cancellation)
    {
        if (Length is { } announced)
        {
            return announced == 0;
        }

        var read = await Pipe.ReadAsync(cancellation);
        var empty = read.Buffer.IsEmpty;
        Pipe.AdvanceTo(read.Buffer.Start);
        return empty;
    }
}
