namespace WebDav.Protocol.Xml;

/// <summary>The write lock that a LOCK asks for (RFC 4918 14.11).</summary>
/// <param name="Scope">Exclusive or shared.</param>
/// <param name="Owner">The whole <c>owner</c> element as <see cref="PropertyFragment"/> gives it; null if there is none.</param>
internal sealed record LockInfo(LockScope Scope, string? Owner);
