namespace WebDav.Access;

/// <summary>What may be done with a resource; each level includes those before it.</summary>
public enum AccessLevel
{
    /// <summary>Nothing: it is not listed either.</summary>
    None,

    /// <summary>Its content and properties may be read.</summary>
    ReadOnly,

    /// <summary>It may be changed, locked, moved and removed, too.</summary>
    ReadWrite,
}
