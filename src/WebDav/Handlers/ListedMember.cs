using WebDav.Locking;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>A member of a collection, as its page lists it.</summary>
/// <param name="Entry">The member.</param>
/// <param name="Locks">The locks on it; not those that it has from a collection above.</param>
internal readonly record struct ListedMember(Entry Entry, IReadOnlyList<ActiveLock> Locks);
