using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>What the live properties of a resource are computed from.</summary>
/// <param name="Entry">The resource.</param>
/// <param name="Locks">The locks that cover it.</param>
/// <param name="Space">Room on the storage, where it was asked for.</param>
/// <param name="Urls">Makes every href.</param>
/// <param name="Now">The time of the request, for what is left of locks.</param>
internal readonly record struct PropertyContext(
    Entry Entry, IReadOnlyList<ActiveLock> Locks, StoreSpace? Space, UrlSpace Urls, DateTimeOffset Now)
{
    /// <summary>What a client has set for the property that is computed, where that is kept beside the computed value.</summary>
    public DeadProperty? Stored { get; init; }
}
