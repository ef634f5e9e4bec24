using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>The body of an extended MKCOL (RFC 5689 5.1).</summary>
internal static class MkcolBody
{
    /// <summary>The properties that the new collection is to have, its type among them.</summary>
    /// <exception cref="DavFaultException">415: another document than a <c>mkcol</c> (RFC 4918 9.3). 413: as for PROPPATCH.</exception>
    public static IReadOnlyList<PropertyInstruction> Parse(XElement body, int most) => body.IsDav("mkcol")
        ? PropertyUpdateBody.Instructions(body, most, "set")
        : throw new DavFaultException(new DavFault(415, "MKCOL has no use for a body but a DAV:mkcol (RFC 5689 3)"));
}
