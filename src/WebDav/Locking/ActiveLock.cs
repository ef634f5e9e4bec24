using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>A write lock that was granted (RFC 4918 6, 7; <c>activelock</c>, 14.1).</summary>
/// <param name="Token">The token that stands for it.</param>
/// <param name="Root">The resource that was named in the LOCK request (<c>lockroot</c>).</param>
/// <param name="Scope">Exclusive or shared.</param>
/// <param name="Depth">Zero, or infinity: then everything below the root is locked too (7.4).</param>
/// <param name="Owner">The <c>owner</c> element as the client sent it, a well-formed XML fragment; null if it sent none.</param>
/// <param name="Principal">Name of the user who took it; null for anonymous. Another user's token is not a key (6.4).</param>
/// <param name="Timeout">How long it was granted for, from its creation or last refresh.</param>
/// <param name="Expires">When it ends unless it is refreshed, UTC.</param>
public sealed record ActiveLock(
    LockToken Token,
    DavPath Root,
    LockScope Scope,
    Depth Depth,
    string? Owner,
    string? Principal,
    TimeSpan Timeout,
    DateTimeOffset Expires)
{
    /// <summary>When it was granted, UTC; null for one that a server kept which did not note it.</summary>
    public DateTimeOffset? Created { get; init; }
}
