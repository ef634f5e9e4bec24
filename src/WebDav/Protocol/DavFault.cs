namespace WebDav.Protocol;

/// <summary>
/// A refusal as the client will read it: a status, the RFC's condition element where there is one, and the resources in the way.
/// </summary>
/// <param name="Status">HTTP status code, 4xx or 5xx.</param>
/// <param name="Reason">Why, in words for people: in the log and in the body's <c>responsedescription</c>.</param>
/// <param name="Condition">Local name, in the <c>DAV:</c> namespace, of the precondition or postcondition that failed (RFC 4918 16); null where none is defined.</param>
public sealed record DavFault(int Status, string Reason, string? Condition = null)
{
    /// <summary>The resources that the condition names, such as the root of the lock in the way (RFC 4918 16, <c>lock-token-submitted</c>).</summary>
    public IReadOnlyList<DavPath> Hrefs { get; init; } = [];

    /// <summary>When the request may succeed, from now on (<c>Retry-After</c>, RFC 9110 10.2.3); null where nothing is known of that.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
