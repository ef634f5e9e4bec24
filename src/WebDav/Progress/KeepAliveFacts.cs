namespace WebDav.Progress;

/// <summary>What is known of a request when it is decided whether it gets <c>102 Processing</c>.</summary>
/// <param name="IsHttp10">Whether it came by HTTP/1.0, which knows no interim responses (RFC 9110 15.2).</param>
/// <param name="UserAgent">Its User-Agent, or null.</param>
/// <param name="ProxyField">The header field by which a proxy in front was seen, or null.</param>
/// <param name="Asked">Whether it says <c>Prefer: processing</c>.</param>
internal sealed record KeepAliveFacts(bool IsHttp10, string? UserAgent, string? ProxyField, bool Asked)
{
    /// <summary>Fields that proxies add to what they pass on.</summary>
    public static IReadOnlyList<string> ProxyFields { get; } =
    [
        "Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Server", "X-Forwarded-Port",
        "X-Forwarded-Prefix", "X-Real-IP", "X-Varnish", "Client-ip", "Surrogate-Capability",
    ];
}
