using WebDav.Progress;

namespace WebDavServer.Tests.Progress;

/// <summary>Who is sent <c>102 Processing</c> (RFC 2518 10.1): the first rule that matches decides.</summary>
public sealed class KeepAlivePolicyTests
{
    private const int Maximum = 1000;

    public static TheoryData<string> ProxyFields =>
    [
        "Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Server", "X-Forwarded-Port",
        "X-Forwarded-Prefix", "X-Real-IP", "X-Varnish", "Client-ip", "Surrogate-Capability",
    ];

    [Theory]
    [InlineData(KeepAliveMode.Auto, false, "curl/8", null, false, Maximum, "client (curl)")]
    [InlineData(KeepAliveMode.Auto, false, "curl/8", null, true, Maximum, "client (curl)")]
    [InlineData(KeepAliveMode.Auto, false, "curl/8", "Via", false, 0, "proxy (Via)")]
    [InlineData(KeepAliveMode.Auto, false, "curl/8", "Via", true, 0, "proxy (Via)")] // Prefer passes every proxy and proves nothing
    [InlineData(KeepAliveMode.Auto, false, "Qt", null, false, 0, "unknown client")]
    [InlineData(KeepAliveMode.Auto, false, "Qt", null, true, Maximum, "asked for")]
    [InlineData(KeepAliveMode.Auto, false, "Qt", "Via", true, 0, "proxy (Via)")]
    [InlineData(KeepAliveMode.Auto, false, null, null, false, 0, "unknown client")]
    [InlineData(KeepAliveMode.Auto, false, "", null, false, 0, "unknown client")]
    [InlineData(KeepAliveMode.Auto, false, null, null, true, Maximum, "asked for")]
    [InlineData(KeepAliveMode.Auto, true, "curl/8", null, true, 0, "http/1.0")] // RFC 9110 15.2
    [InlineData(KeepAliveMode.Always, false, "Qt", null, false, Maximum, "always")]
    [InlineData(KeepAliveMode.Always, false, null, "Via", false, Maximum, "always")]
    [InlineData(KeepAliveMode.Always, true, "curl/8", null, true, 0, "http/1.0")]
    [InlineData(KeepAliveMode.OnRequest, false, "curl/8", null, false, 0, "not asked for")]
    [InlineData(KeepAliveMode.OnRequest, false, "Qt", null, true, Maximum, "asked for")]
    [InlineData(KeepAliveMode.OnRequest, false, "Qt", "Via", true, Maximum, "asked for")]
    [InlineData(KeepAliveMode.OnRequest, true, "curl/8", null, true, 0, "http/1.0")]
    [InlineData(KeepAliveMode.Off, false, "curl/8", null, true, 0, "off")]
    [InlineData(KeepAliveMode.Off, true, "curl/8", null, true, 0, "off")]
    public void The_first_rule_that_matches_decides(
        KeepAliveMode mode, bool http10, string? userAgent, string? proxyField, bool asked, int maximum, string rule) =>
        Assert.Equal(new KeepAliveDecision(maximum, rule), Decide(new KeepAliveFacts(http10, userAgent, proxyField, asked), mode));

    [Theory]
    [MemberData(nameof(ProxyFields))]
    public void Every_field_by_which_a_proxy_is_known_forbids_them(string field)
    {
        Assert.Contains(field, KeepAliveFacts.ProxyFields);
        Assert.Equal(new KeepAliveDecision(0, $"proxy ({field})"), Decide(new KeepAliveFacts(false, "curl/8", field, Asked: true)));
    }

    [Theory]
    [InlineData("cadaver/0.24 neon/0.32.5", 127, "cadaver")]
    [InlineData("davfs2/1.6.1 neon/0.32.5", 127, "davfs2")]
    [InlineData("neon/0.32.5", 127, "neon")]
    [InlineData("gvfs/1.50.3", Maximum, "gvfs")]
    [InlineData("curl/7.88.1", Maximum, "curl")]
    [InlineData("Wget/1.21.3", Maximum, "Wget")]
    [InlineData("rclone/", 4, "rclone")]
    [InlineData("rclone/v1.60.1", 4, "rclone")]
    [InlineData("Go-http-client/1.1", 4, "Go-http-client")]
    [InlineData("Go-http-client/2.0", 4, "Go-http-client")]
    [InlineData("WGET/1.21.3", Maximum, "Wget")]
    public void A_known_client_gets_as_many_as_it_takes(string userAgent, int maximum, string client) =>
        Assert.Equal(new KeepAliveDecision(maximum, $"client ({client})"), Decide(new KeepAliveFacts(false, userAgent, null, false)));

    [Theory]
    [InlineData("python-requests/2.28.1")]
    [InlineData("python-urllib3/1.26.12")]
    [InlineData("Python-urllib/3.11")]
    [InlineData("Java/17.0.15")]
    [InlineData("Java-http-client/17.0.15")]
    [InlineData("okhttp/3.13.1")]
    [InlineData("SVN/1.14.2 (x86_64-pc-linux-gnu) serf/1.3.9")]
    [InlineData("libwww-perl/6.68")]
    [InlineData("Mozilla/5.0")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) KIO/5.103 kioclient/5.27.5")]
    [InlineData("Microsoft-WebDAV-MiniRedir/10.0.19045")]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/22.6.0 (x86_64)")]
    [InlineData("curlish/1.0")]
    [InlineData("curl")]
    [InlineData("PycURL/7.45 libcurl/7.88.1")]
    [InlineData("Mozilla/5.0 curl/7.88.1")]
    [InlineData(" curl/7.88.1")]
    public void A_client_that_is_not_known_to_take_them_gets_none(string userAgent) =>
        Assert.Equal(new KeepAliveDecision(0, "unknown client"), Decide(new KeepAliveFacts(false, userAgent, null, false)));

    [Theory]
    [InlineData("rclone/", 3, 3)]
    [InlineData("rclone/", 4, 4)]
    [InlineData("rclone/", 5, 4)]
    [InlineData("cadaver/0.24", 100, 100)]
    [InlineData("curl/8", 0, 0)]
    public void The_lesser_of_both_limits_counts(string userAgent, int setting, int maximum) =>
        Assert.Equal(maximum, new KeepAlivePolicy(new KeepAliveOptions { Maximum = setting }).Decide(new KeepAliveFacts(false, userAgent, null, false)).Maximum);

    private static KeepAliveDecision Decide(KeepAliveFacts facts, KeepAliveMode mode = KeepAliveMode.Auto) =>
        new KeepAlivePolicy(new KeepAliveOptions { Mode = mode, Maximum = Maximum }).Decide(facts);
}
