using System.Text;

namespace WebDavServer.Tests.Support;

/// <summary>One HTTP/1.1 response as it came over the connection, interim or final.</summary>
/// <param name="StatusLine">The first line, as <c>HTTP/1.1 102 Processing</c>.</param>
/// <param name="Fields">The header fields, in order.</param>
/// <param name="Body">The body, without its chunks; empty for an interim response.</param>
internal sealed record RawResponse(string StatusLine, IReadOnlyList<KeyValuePair<string, string>> Fields, byte[] Body)
{
    /// <summary>The status.</summary>
    public int Status => int.Parse(StatusLine.AsSpan(9, 3));

    /// <summary>Whether another response to the same request follows (RFC 9110 15.2).</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>The body as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The first field of that name; null if there is none.</summary>
    public string? this[string name] =>
        Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault();
}
