namespace WebDav.Protocol.Xml;

/// <summary>
/// How large an XML request body may be. What a body costs is bounded by its bytes, what its tree costs by its depth: trees are
/// walked by recursion.
/// </summary>
/// <param name="MaximumBytes">Most bytes of a body; more is 413. A PROPFIND of every known property has about 2 KB. <c>Limits:XmlBodySize</c></param>
/// <param name="MaximumDepth">
/// Most elements inside each other, the root included; more is 400. The bodies of RFC 4918 need about 6. <c>Limits:XmlDepth</c>
/// </param>
/// <param name="MaximumAttributes">Most attributes of one element, namespace declarations included; more is 400. <c>Limits:XmlAttributes</c></param>
/// <param name="MaximumProperties">Most properties that a body names; more is 413. <c>Limits:PropertiesPerRequest</c></param>
internal sealed record XmlLimits(
    long MaximumBytes = 1024 * 1024, int MaximumDepth = 64, int MaximumAttributes = 64, int MaximumProperties = 1000)
{
    /// <summary>The limits that hold when nothing else is said.</summary>
    public static XmlLimits Default { get; } = new();
}
