using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>One condition of the <c>If</c> header: a state token or an entity tag, never both (RFC 4918 10.4.2).</summary>
/// <param name="Not">Whether it holds when the resource does not have it.</param>
/// <param name="Token">The state token the resource must have.</param>
/// <param name="ETag">The entity tag the resource must have.</param>
internal sealed record IfCondition(bool Not, LockToken? Token, EntityTagHeaderValue? ETag);
