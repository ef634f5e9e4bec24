namespace WebDav.Progress;

/// <summary>The way to send interim responses (RFC 9110 15.2) for one request, before its final response has begun.</summary>
public interface IInterimResponse
{
    /// <summary>Sends <c>102 Processing</c> (RFC 2518 10.1).</summary>
    /// <param name="fields">Header fields to send with it; usually none.</param>
    /// <param name="cancellation">Ends the wait for the connection.</param>
    /// <returns>Whether it was sent: false where the connection's output is not yet flushed, is closed, or the final response has begun.</returns>
    ValueTask<bool> SendProcessingAsync(IReadOnlyList<KeyValuePair<string, string>> fields, CancellationToken cancellation);
}
