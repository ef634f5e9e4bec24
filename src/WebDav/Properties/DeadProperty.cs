using WebDav.Protocol;

namespace WebDav.Properties;

/// <summary>A property whose value is the client's own (RFC 4918 4.1).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Xml">
/// The whole property element as a self-contained well-formed XML fragment: namespace declarations that were in scope,
/// <c>xml:lang</c> and mixed content kept (RFC 4918 4.3).
/// </param>
public sealed record DeadProperty(PropertyName Name, string Xml);
