namespace WebDav.Protocol.Headers;

/// <summary>What the client would like, and need not get (RFC 7240).</summary>
/// <param name="RespondAsync">To be answered with 202 and a page to ask, rather than to wait (RFC 7240 4.1).</param>
/// <param name="Wait">How long it would wait nevertheless (RFC 7240 4.3); null when it does not say.</param>
/// <param name="Processing">To hear of the progress by 102 interim responses; a preference of this server's own.</param>
/// <param name="ReturnMinimal">To be spared what it knows or does not need (RFC 7240 4.2, RFC 8144 2).</param>
/// <param name="ReturnRepresentation">To be sent the new state of what it changed (RFC 7240 4.2, RFC 8144 3).</param>
/// <param name="DepthNoRoot">PROPFIND without the collection itself (RFC 8144 4).</param>
internal sealed record Preferences(
    bool RespondAsync, TimeSpan? Wait, bool Processing, bool ReturnMinimal, bool ReturnRepresentation, bool DepthNoRoot)
{
    /// <summary>No preference at all.</summary>
    public static Preferences None { get; } = new(false, null, false, false, false, false);
}
