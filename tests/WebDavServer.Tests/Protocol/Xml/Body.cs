using System.Text;
using System.Xml.Linq;
using WebDav.Protocol.Xml;

namespace WebDavServer.Tests.Protocol.Xml;

/// <summary>A request body as the server reads it.</summary>
internal static class Body
{
    public static XElement Of(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return XmlBody.ReadAsync(stream, XmlLimits.Default, default).GetAwaiter().GetResult()!;
    }
}
