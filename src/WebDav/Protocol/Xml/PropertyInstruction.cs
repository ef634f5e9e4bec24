using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>One instruction of PROPPATCH (RFC 4918 9.2).</summary>
/// <param name="Name">The property it is about.</param>
/// <param name="Element">
/// The property element to set, still in its document, so that what is in scope there can be seen; null to remove.
/// </param>
internal sealed record PropertyInstruction(PropertyName Name, XElement? Element);
