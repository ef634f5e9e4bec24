namespace WebDav.Protocol.Xml;

/// <summary>What a PROPFIND asks for (RFC 4918 14.20).</summary>
/// <param name="Kind">All, the names, or those named.</param>
/// <param name="Names">
/// The properties named, each once, in the order of the body: for <see cref="PropFindKind.AllProp"/> those of <c>include</c>, for
/// <see cref="PropFindKind.PropName"/> none.
/// </param>
internal sealed record PropFindQuery(PropFindKind Kind, IReadOnlyList<PropertyName> Names)
{
    /// <summary>What a request without a body asks for (RFC 4918 9.1).</summary>
    public static PropFindQuery AllProp { get; } = new(PropFindKind.AllProp, []);
}
