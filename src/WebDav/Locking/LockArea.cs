using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>Where somebody wants to know of locks: those that cover a resource, and those rooted below it, too.</summary>
internal readonly record struct LockArea(DavPath Path, bool Below);
