namespace WebDav.Protocol.Xml;

/// <summary>What a PROPFIND asks for (RFC 4918 9.1).</summary>
internal enum PropFindKind
{
    /// <summary>All dead properties, the live ones of RFC 4918, and those named in <c>include</c>.</summary>
    AllProp,

    /// <summary>The names of all properties.</summary>
    PropName,

    /// <summary>The properties named.</summary>
    Prop,
}
