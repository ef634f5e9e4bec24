using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>A resource as the store has it at one moment.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Kind">File or collection.</param>
/// <param name="Length">Content length in bytes; 0 for a collection.</param>
/// <param name="Modified">When its content last changed, UTC.</param>
/// <param name="Created">When it was made, UTC, as well as the store can tell.</param>
/// <param name="ETag">Strong validator of a file's content (RFC 9110 8.8.3); of a collection it changes with its list of members.</param>
public sealed record Entry(DavPath Path, EntryKind Kind, long Length, DateTimeOffset Modified, DateTimeOffset Created, ETag ETag)
{
    /// <summary>Whether this is a collection.</summary>
    public bool IsCollection => Kind == EntryKind.Collection;

    /// <summary>
    /// Whether the store reaches this resource through a link: removing it removes the link and never what it points to, and
    /// its members are also found elsewhere.
    /// </summary>
    public bool IsLink { get; init; }

    /// <summary>
    /// Equal for two paths that lead to the same collection, so that a walk can see that a link has led it in a circle; none where
    /// the store has no links.
    /// </summary>
    public Identity Identity { get; init; }

    /// <summary>Which file system it is on: what hangs there need not hang elsewhere.</summary>
    public ulong FileSystem => Identity.FileSystem;

    /// <summary>When it was last read, UTC, as well as the store keeps that.</summary>
    public DateTimeOffset Accessed { get; init; }

    /// <summary>Whether the store holds the file to be for reading only. It is a mark: the server itself goes by locks, not by it.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether two entries say the same of a resource; that it was read between them makes no difference.</summary>
    public bool Equals(Entry? other) =>
        other is not null
        && (Path, Kind, Length, Modified, Created, ETag) == (other.Path, other.Kind, other.Length, other.Modified, other.Created, other.ETag)
        && (IsLink, Identity, IsReadOnly) == (other.IsLink, other.Identity, other.IsReadOnly);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, ETag);
}
