using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>A lock that someone wants (RFC 4918 9.10).</summary>
/// <param name="Root">The resource to lock.</param>
/// <param name="Scope">Exclusive or shared.</param>
/// <param name="Depth">Zero or infinity.</param>
/// <param name="Owner">The client's <c>owner</c> element, a well-formed XML fragment, or null.</param>
/// <param name="Principal">Name of the user; null for anonymous.</param>
/// <param name="Timeouts">The client's wishes, in its order.</param>
public sealed record LockRequest(
    DavPath Root, LockScope Scope, Depth Depth, string? Owner, string? Principal, IReadOnlyList<TimeSpan> Timeouts);
