namespace WebDav.Handlers;

/// <summary>What a method does with a request body.</summary>
internal enum BodyRule
{
    /// <summary>It has none: one that comes is refused with 415 (RFC 4918 8.4).</summary>
    None,

    /// <summary>An XML document, often optional.</summary>
    Xml,

    /// <summary>The resource's content.</summary>
    Content,
}
