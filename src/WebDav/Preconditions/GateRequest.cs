using WebDav.Access;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDav.Preconditions;

/// <summary>What the gate must know of a request to let it pass.</summary>
/// <param name="Path">The request's resource.</param>
/// <param name="Principal">Name of the user; null for anonymous.</param>
/// <param name="Access">What the user may do where.</param>
/// <param name="Authority">What the request was addressed to, to understand the resource tags of If.</param>
/// <param name="Conditions">If-Match and its kin (RFC 9110 13.1).</param>
/// <param name="If">The If header (RFC 4918 10.4); null when absent.</param>
/// <param name="Reads">Whether the method is GET or HEAD, for which a condition that fails may mean 304 (RFC 9110 13.2.2).</param>
/// <param name="NeedsResource">Whether the method answers 404 where nothing is: before any condition counts (RFC 9110 13.2.1).</param>
internal sealed record GateRequest(
    DavPath Path,
    string? Principal,
    UserAccess Access,
    RequestAuthority Authority,
    ConditionalHeaders Conditions,
    IfHeader? If,
    bool Reads,
    bool NeedsResource)
{
    /// <summary>What makes the same request again the same work, to be joined where it is being done; null for what nobody joins.</summary>
    public string? Work { get; init; }
}
