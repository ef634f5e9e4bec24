namespace WebDav.Protocol.Headers;

/// <summary>One list of the <c>If</c> header: it holds when all its conditions do (RFC 4918 10.4.3).</summary>
/// <param name="ResourceTag">The resource it is about, as written between the angle brackets; null for the request's own.</param>
/// <param name="Conditions">At least one.</param>
internal sealed record IfList(string? ResourceTag, IReadOnlyList<IfCondition> Conditions);
