using WebDav.Protocol;

namespace WebDav.Properties;

/// <summary>One instruction of a PROPPATCH (RFC 4918 9.2).</summary>
/// <param name="Name">The property it is about.</param>
/// <param name="Value">The new value; null to remove the property.</param>
public sealed record PropertyChange(PropertyName Name, DeadProperty? Value);
