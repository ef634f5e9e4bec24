using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>Locks that have not ended: all of them, or those of the areas that were asked for, as of one moment.</summary>
internal interface ILockView
{
    /// <summary>The locks in whose scope a resource is: those on it, and deep ones on a collection above (RFC 4918 7.4).</summary>
    IReadOnlyList<ActiveLock> Covering(DavPath path);

    /// <summary>The locks rooted below a collection, at any level.</summary>
    IReadOnlyList<ActiveLock> Below(DavPath collection);
}
