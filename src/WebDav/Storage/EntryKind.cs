namespace WebDav.Storage;

/// <summary>What a resource is.</summary>
public enum EntryKind
{
    /// <summary>A resource with content.</summary>
    File,

    /// <summary>A resource with members (RFC 4918 5.2).</summary>
    Collection,
}
