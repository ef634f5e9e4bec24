using System.Net;

namespace WebDav.Progress;

/// <summary>What is known of a request when it is decided how it is kept alive.</summary>
/// <param name="Method">Its method.</param>
/// <param name="UserAgent">Its User-Agent, or null.</param>
internal sealed record KeepAliveFacts(string Method, string? UserAgent)
{
    /// <summary>The connection option by which a client says that every hop to it takes 102s.</summary>
    public const string ConnectionOption = "102-Processing";

    private static readonly HashSet<string> ProxyFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "Via", "Forwarded", "X-Real-IP", "X-Varnish", "Client-ip", "Surrogate-Capability",
    };

    /// <summary>Whether it came by HTTP/1.0, which knows no interim responses (RFC 9110 15.2).</summary>
    public bool IsHttp10 { get; init; }

    /// <summary>Where its connection comes from; null if that has no address.</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>The header field by which a proxy in front was seen, or null.</summary>
    public string? ProxyField { get; init; }

    /// <summary>
    /// Whether it names the connection option <c>102-Processing</c>, which only a proxy that knows it would pass on (RFC 9110 7.6.1).
    /// </summary>
    public bool Opted { get; init; }

    /// <summary>Whether it says <c>Prefer: processing</c>, which every proxy passes on.</summary>
    public bool Asked { get; init; }

    /// <summary>Whether a header field is one that proxies add to what they pass on.</summary>
    public static bool IsProxyField(string name) =>
        ProxyFields.Contains(name) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase);
}
