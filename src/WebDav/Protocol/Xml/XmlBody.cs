using System.Xml;
using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>Reads XML request bodies (RFC 4918 8.2): bounded, without DTDs, and with all white space kept (4.3).</summary>
internal static class XmlBody
{
    /// <summary>Reads a body to its end.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="cancellation">Ends the wait for the client.</param>
    /// <returns>The root element; null for an empty body.</returns>
    /// <exception cref="DavFaultException">
    /// 413: too many bytes. 400: not well-formed, nested too deep, too many attributes, or with a document type declaration
    /// (<see cref="DavNames.NoExternalEntities"/>).
    /// </exception>
    public static async Task<XElement?> ReadAsync(Stream body, XmlLimits limits, CancellationToken cancellation)
    {
        using var buffer = await ReadBytesAsync(body, limits.MaximumBytes, cancellation);
        return buffer.Length == 0 ? null : Parse(buffer, limits);
    }

    private static async Task<MemoryStream> ReadBytesAsync(Stream body, long maximum, CancellationToken cancellation)
    {
        var buffer = new MemoryStream();
        var block = new byte[4096];
        int read;
        while ((read = await body.ReadAsync(block, cancellation)) > 0)
        {
            if (buffer.Length + read > maximum)
            {
                throw new DavFaultException(new DavFault(413, $"the XML body is larger than {maximum} bytes (Limits:XmlBodySize)"));
            }

            buffer.Write(block, 0, read);
        }

        return buffer;
    }

    private static XElement Parse(MemoryStream bytes, XmlLimits limits)
    {
        try
        {
            Check(bytes, limits);
            using var reader = Open(bytes, DtdProcessing.Prohibit);
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException fault)
        {
            throw HasDocumentType(bytes, fault)
                ? new DavFaultException(new DavFault(
                    400, "the XML body has a document type declaration, which is refused", DavNames.NoExternalEntities))
                : DavFaultException.BadRequest($"the XML body is not well-formed: {fault.Message}");
        }
    }

    // Reads everything without keeping any of it, so that a tree is built only from what is whole and within the limits.
    private static void Check(MemoryStream bytes, XmlLimits limits)
    {
        using var reader = Open(bytes, DtdProcessing.Prohibit);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.Depth >= limits.MaximumDepth)
            {
                throw DavFaultException.BadRequest($"the XML body has more than {limits.MaximumDepth} elements inside each other (Limits:XmlDepth)");
            }

            if (reader.AttributeCount > limits.MaximumAttributes)
            {
                throw DavFaultException.BadRequest($"the XML body has an element with more than {limits.MaximumAttributes} attributes (Limits:XmlAttributes)");
            }
        }
    }

    // The reader refuses a DTD with the same exception as everything else. One that skips over DTDs gets further exactly when a
    // DTD was what stopped the first.
    private static bool HasDocumentType(MemoryStream bytes, XmlException fault)
    {
        (int Line, int Column) reached;
        try
        {
            using var reader = Open(bytes, DtdProcessing.Ignore);
            reader.MoveToContent();
            reached = (((IXmlLineInfo)reader).LineNumber, ((IXmlLineInfo)reader).LinePosition);
        }
        catch (XmlException later)
        {
            reached = (later.LineNumber, later.LinePosition);
        }

        return reached.CompareTo((fault.LineNumber, fault.LinePosition)) > 0;
    }

    private static XmlReader Open(MemoryStream bytes, DtdProcessing dtd)
    {
        bytes.Position = 0;
        return XmlReader.Create(bytes, new XmlReaderSettings { DtdProcessing = dtd, XmlResolver = null });
    }
}
