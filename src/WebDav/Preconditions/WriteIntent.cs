using WebDav.Locking;
using WebDav.Protocol;

namespace WebDav.Preconditions;

/// <summary>Something a method is going to write: what it must hold the lock tokens for, and have to itself meanwhile.</summary>
/// <param name="Path">The resource that is made, written or removed.</param>
/// <param name="Kind">How much of it; of its parent, for <see cref="LeaseKind.Members"/>.</param>
/// <param name="Guard">When locks must be opened by their tokens.</param>
internal readonly record struct WriteIntent(DavPath Path, LeaseKind Kind, WriteGuard Guard)
{
    /// <summary>The resource whose locks count and which is leased.</summary>
    public DavPath Guarded => Kind == LeaseKind.Members ? Path.Parent : Path;

    /// <summary>The resource itself: its content, its properties.</summary>
    public static WriteIntent Resource(DavPath path) => new(path, LeaseKind.Resource, WriteGuard.Always);

    /// <summary>The resource and everything below it.</summary>
    public static WriteIntent Tree(DavPath path) => new(path, LeaseKind.Tree, WriteGuard.Always);

    /// <summary>The membership of a resource in its collection, which it may enter (RFC 4918 7.4: a lock on a collection guards it).</summary>
    public static WriteIntent Entering(DavPath member) => new(member, LeaseKind.Members, WriteGuard.WhereUnmapped);

    /// <summary>The membership of a resource in its collection, which it leaves.</summary>
    public static WriteIntent Leaving(DavPath member) => new(member, LeaseKind.Members, WriteGuard.Always);

    /// <summary>Not written, but it must stay where it is. No lock guards against being read (RFC 4918 7).</summary>
    public static WriteIntent Source(DavPath path) => new(path, LeaseKind.Source, WriteGuard.Never);

    /// <summary>What a new lock will cover. Locks in its way are not opened by tokens: they conflict, or they can be shared (RFC 4918 6.1).</summary>
    public static WriteIntent NewLock(DavPath path, Depth depth) =>
        new(path, depth == Depth.Infinity ? LeaseKind.Tree : LeaseKind.Resource, WriteGuard.Never);
}
