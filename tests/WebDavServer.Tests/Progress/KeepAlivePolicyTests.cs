using System.Net;
using WebDav.Progress;

namespace WebDavServer.Tests.Progress;

/// <summary>Who is sent <c>102 Processing</c> (RFC 2518 10.1), and whose answer begins early: the first rule that matches decides.</summary>
public sealed class KeepAlivePolicyTests
{
    private const int Maximum = 1000;
    private const string None = "";

    private static readonly KeepAliveOptions Options = new() { Maximum = Maximum };

    public static TheoryData<string> ProxyFields =>
    [
        "Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Server", "X-Forwarded-Port",
        "X-Forwarded-Prefix", "X-Forwarded-Anything", "x-forwarded-for", "X-Real-IP", "x-real-ip", "X-Varnish", "Client-ip", "CLIENT-IP",
        "Surrogate-Capability",
    ];

    // Signs: 0 HTTP/1.0, o the connection option, p Prefer: processing, v a field of a proxy.
    [Theory]
    [InlineData(KeepAliveMode.Auto, "curl/8", "", Maximum, "client (curl)")]
    [InlineData(KeepAliveMode.Auto, "curl/8", "p", Maximum, "client (curl)")]
    [InlineData(KeepAliveMode.Auto, "curl/8", "v", 0, "proxy (Via)")]
    [InlineData(KeepAliveMode.Auto, "curl/8", "vp", 0, "proxy (Via)")] // Prefer passes every proxy and proves nothing
    [InlineData(KeepAliveMode.Auto, "curl/8", "vo", Maximum, "connection option")] // hop-by-hop: it proves that the way is clear
    [InlineData(KeepAliveMode.Auto, "new/1", "", 0, "unknown client")]
    [InlineData(KeepAliveMode.Auto, "new/1", "p", Maximum, "asked for")]
    [InlineData(KeepAliveMode.Auto, "new/1", "vp", 0, "proxy (Via)")]
    [InlineData(KeepAliveMode.Auto, "new/1", "o", Maximum, "connection option")]
    [InlineData(KeepAliveMode.Auto, "okhttp/3", "", 0, "client (okhttp)")]
    [InlineData(KeepAliveMode.Auto, "okhttp/3", "p", 0, "client (okhttp)")] // it is known to misread them
    [InlineData(KeepAliveMode.Auto, "okhttp/3", "o", Maximum, "connection option")] // whoever asks
    [InlineData(KeepAliveMode.Auto, "rclone/v1", "o", 4, "connection option")] // and yet no more than it takes
    [InlineData(KeepAliveMode.Auto, None, "", 0, "unknown client")]
    [InlineData(KeepAliveMode.Auto, null, "", 0, "unknown client")]
    [InlineData(KeepAliveMode.Auto, null, "p", Maximum, "asked for")]
    [InlineData(KeepAliveMode.Auto, "curl/8", "0p", 0, "http/1.0")] // RFC 9110 15.2
    [InlineData(KeepAliveMode.Auto, "curl/8", "0o", 0, "http/1.0")]
    [InlineData(KeepAliveMode.Always, "new/1", "", Maximum, "always")]
    [InlineData(KeepAliveMode.Always, null, "v", Maximum, "always")]
    [InlineData(KeepAliveMode.Always, "rclone/v1", "v", 4, "always")]
    [InlineData(KeepAliveMode.Always, "curl/8", "0po", 0, "http/1.0")]
    [InlineData(KeepAliveMode.OnRequest, "curl/8", "", 0, "not asked for")]
    [InlineData(KeepAliveMode.OnRequest, "curl/8", "v", 0, "not asked for")]
    [InlineData(KeepAliveMode.OnRequest, "curl/8", "p", Maximum, "client (curl)")]
    [InlineData(KeepAliveMode.OnRequest, "new/1", "p", Maximum, "asked for")]
    [InlineData(KeepAliveMode.OnRequest, "new/1", "vp", Maximum, "asked for")]
    [InlineData(KeepAliveMode.OnRequest, "new/1", "o", Maximum, "connection option")]
    [InlineData(KeepAliveMode.OnRequest, "okhttp/3", "p", 0, "client (okhttp)")]
    [InlineData(KeepAliveMode.OnRequest, "curl/8", "0p", 0, "http/1.0")]
    [InlineData(KeepAliveMode.Off, "curl/8", "po", 0, "off")]
    [InlineData(KeepAliveMode.Off, "curl/8", "0", 0, "off")]
    public void The_first_rule_that_matches_decides(KeepAliveMode mode, string? userAgent, string signs, int maximum, string rule) =>
        AssertDecides(maximum, rule, Options with { Mode = mode }, Facts(userAgent, signs));

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public void A_method_that_is_never_long_gets_none(string method)
    {
        AssertDecides(0, $"method ({method})", Options, new KeepAliveFacts(method, "curl/8") { Opted = true, Asked = true });
        AssertDecides(0, $"method ({method})", Options with { Mode = KeepAliveMode.Always }, new KeepAliveFacts(method, "curl/8"));
    }

    [Theory]
    [MemberData(nameof(ProxyFields))]
    public void Every_field_by_which_a_proxy_is_known_is_one(string field) => Assert.True(KeepAliveFacts.IsProxyField(field));

    [Theory]
    [InlineData("Host")]
    [InlineData("X-Forwarded")]
    [InlineData("X-Requested-With")]
    [InlineData("Connection")]
    [InlineData("User-Agent")]
    public void Another_field_is_none(string field) => Assert.False(KeepAliveFacts.IsProxyField(field));

    [Theory]
    [InlineData("cadaver/0.24 neon/0.32.5", 120, "cadaver")]
    [InlineData("davfs2/1.6.1 neon/0.32.5", 120, "davfs2")]
    [InlineData("neon/0.32.5", 120, "neon")]
    [InlineData("gvfs/1.50.3", Maximum, "gvfs")]
    [InlineData("curl/7.88.1", Maximum, "curl")]
    [InlineData("Wget/1.21.3", Maximum, "Wget")]
    [InlineData("WGET/1.21.3", Maximum, "Wget")]
    [InlineData("rclone/", 4, "rclone")]
    [InlineData("rclone/v1.60.1", 4, "rclone")]
    [InlineData("Go-http-client/1.1", 4, "Go-http-client")]
    [InlineData("Go-http-client/2.0", 4, "Go-http-client")]
    [InlineData("Java-http-client/17.0.15", 7, "Java-http-client")]
    [InlineData("Apache-HttpClient/4.5.14 (Java/17.0.15)", Maximum, "Apache-HttpClient")]
    [InlineData("node", Maximum, "node")]
    [InlineData("node-fetch", Maximum, "node-fetch")]
    [InlineData("undici", Maximum, "undici")]
    [InlineData("Ruby", Maximum, "Ruby")]
    public void A_known_client_gets_as_many_as_it_takes(string userAgent, int maximum, string client) =>
        AssertDecides(maximum, $"client ({client})", Options, Facts(userAgent));

    [Theory]
    [InlineData("python-requests/2.28.1", true)]
    [InlineData("Python-urllib/3.11", true)]
    [InlineData("Java/17.0.15", true)]
    [InlineData("libwww-perl/6.68", true)]
    [InlineData("python-urllib3/1.26.12", false)]
    [InlineData("okhttp/3.13.1", false)]
    [InlineData("SVN/1.14.2 (x86_64-pc-linux-gnu) serf/1.3.9", false)]
    [InlineData("Mozilla/5.0", false)]
    public void A_client_that_misreads_them_gets_none_and_some_read_an_answer_that_begins_early(string userAgent, bool early)
    {
        foreach (string signs in new[] { "", "p", "v", "vp" })
        {
            KeepAliveDecision decision = new KeepAlivePolicy(Options).Decide(Facts(userAgent, signs));
            Assert.Equal((0, early), (decision.Pace.Maximum, decision.AnswersEarly));
        }

        Assert.False(new KeepAlivePolicy(Options).Decide(Facts(userAgent, "0")).AnswersEarly);
        Assert.False(new KeepAlivePolicy(Options).Decide(Facts(userAgent, "o")).AnswersEarly); // it has 102s
        Assert.False(new KeepAlivePolicy(Options with { Mode = KeepAliveMode.Off }).Decide(Facts(userAgent)).AnswersEarly);
        Assert.Equal(early, new KeepAlivePolicy(Options with { Mode = KeepAliveMode.OnRequest }).Decide(Facts(userAgent)).AnswersEarly);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) KIO/5.103 kioclient/5.27.5")]
    [InlineData("Microsoft-WebDAV-MiniRedir/10.0.19045")]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/22.6.0 (x86_64)")]
    [InlineData("curlish/1.0")]
    [InlineData("curl")]
    [InlineData("nodemon")]
    [InlineData("undici-proxy/1")]
    [InlineData("RubyGems/3.3")]
    [InlineData("PycURL/7.45 libcurl/7.88.1")]
    [InlineData("Mozilla/5.0 curl/7.88.1")]
    [InlineData(" curl/7.88.1")]
    [InlineData("aiohttp/3.8.4")]
    public void A_client_that_is_not_known_gets_none(string userAgent)
    {
        AssertDecides(0, "unknown client", Options, Facts(userAgent));
        Assert.False(new KeepAlivePolicy(Options).Decide(Facts(userAgent)).AnswersEarly);
    }

    [Theory]
    [InlineData("curl/8", false)]
    [InlineData("rclone/v1.60.1", false)]
    [InlineData("gvfs/1.50.3", false)]
    [InlineData(null, false)]
    public void Behind_a_proxy_no_other_answer_begins_early(string? userAgent, bool early) =>
        Assert.Equal(early, new KeepAlivePolicy(Options).Decide(Facts(userAgent, "v")).AnswersEarly);

    [Theory]
    [InlineData("rclone/", 3, 3)]
    [InlineData("rclone/", 4, 4)]
    [InlineData("rclone/", 5, 4)]
    [InlineData("cadaver/0.24", 100, 100)]
    [InlineData("curl/8", 0, 0)]
    public void The_lesser_of_both_limits_counts(string userAgent, int setting, int maximum) =>
        Assert.Equal(maximum, new KeepAlivePolicy(new KeepAliveOptions { Maximum = setting }).Decide(Facts(userAgent)).Pace.Maximum);

    [Theory]
    [InlineData("cadaver/0.24", 10, 15, 1)]
    [InlineData("rclone/v1", 10, 15, 4)]
    [InlineData("Java-http-client/17", 10, 15, 2)]
    [InlineData("mine/1", 3, 5, 1.5)]
    [InlineData("half/1", 10, 5, 1)]
    [InlineData("unknown/1", 10, 15, 1)]
    public void A_clients_own_pace_comes_before_that_of_all(string userAgent, int first, int interval, double growth)
    {
        KeepAliveOptions options = Options with
        {
            Clients =
            [
                new("mine/", new KeepAliveLimits { First = TimeSpan.FromSeconds(3), Interval = TimeSpan.FromSeconds(5), Growth = 1.5 }),
                new("half/", new KeepAliveLimits { Interval = TimeSpan.FromSeconds(5) }),
            ],
        };
        KeepAlivePace pace = new KeepAlivePolicy(options).Decide(Facts(userAgent)).Pace;

        Assert.Equal((TimeSpan.FromSeconds(first), TimeSpan.FromSeconds(interval), growth), (pace.First, pace.Interval, pace.Growth));
    }

    [Theory]
    [InlineData("New/1.0", 7, "client (new)")]
    [InlineData("new", 0, "unknown client")]
    [InlineData("exact", 8, "client (exact)")]
    [InlineData("EXACT", 8, "client (exact)")]
    [InlineData("exact/1", 0, "unknown client")]
    [InlineData("curl/8", 0, "client (curl)")] // overrides what is built in
    [InlineData("rclone/v1", 3, "client (rclone)")] // the first that matches counts
    [InlineData("okhttp/5.1", 9, "client (okhttp/5)")]
    [InlineData("okhttp/3.1", 0, "client (okhttp)")]
    public void The_settings_come_before_what_is_built_in(string userAgent, int maximum, string rule)
    {
        KeepAliveOptions options = Options with
        {
            Clients =
            [
                new("new/", new KeepAliveLimits { Maximum = 7 }),
                new("exact$", new KeepAliveLimits { Maximum = 8 }),
                new("curl/", new KeepAliveLimits { Allowed = false }),
                new("rclone/", new KeepAliveLimits { Maximum = 3 }),
                new("rclone/", new KeepAliveLimits { Maximum = 2 }),
                new("okhttp/5", new KeepAliveLimits { Maximum = 9 }),
            ],
        };

        AssertDecides(maximum, rule, options, Facts(userAgent));
    }

    [Theory]
    [InlineData("10.1.2.3", "curl/8", "v", 8, "client (curl)", false)]
    [InlineData("::ffff:10.1.2.3", "curl/8", "v", 8, "client (curl)", false)] // as a socket for both families says it
    [InlineData("10.1.2.3", "curl/8", "", 8, "client (curl)", false)] // it adds no field, and is one all the same
    [InlineData("10.1.2.3", "rclone/v1", "v", 4, "client (rclone)", false)] // the smaller of both
    [InlineData("10.1.2.3", "new/1", "v", 0, "unknown client", false)]
    [InlineData("10.1.2.3", "new/1", "vp", 8, "asked for", false)]
    [InlineData("10.1.2.3", "okhttp/3", "vp", 0, "client (okhttp)", false)]
    [InlineData("10.9.9.9", "curl/8", "v", 0, "proxy (10.9.9.9)", false)] // listed before its network
    [InlineData("10.9.9.9", "curl/8", "p", 0, "proxy (10.9.9.9)", false)]
    [InlineData("10.9.9.9", "curl/8", "o", Maximum, "connection option", false)]
    [InlineData("2001:db8::7", "curl/8", "v", Maximum, "client (curl)", true)]
    [InlineData("2001:db9::7", "curl/8", "v", 0, "proxy (Via)", false)]
    [InlineData("192.0.2.1", "curl/8", "v", 0, "proxy (Via)", false)]
    [InlineData("192.0.2.1", "curl/8", "", Maximum, "client (curl)", false)]
    [InlineData(null, "curl/8", "v", 0, "proxy (Via)", false)] // a Unix socket has no address
    public void A_proxy_that_is_listed_lets_them_through_within_its_limit(
        string? remote, string userAgent, string signs, int maximum, string rule, bool bare)
    {
        KeepAliveOptions options = Options with
        {
            Proxies =
            [
                new(IPNetwork.Parse("10.9.9.9/32"), new KeepAliveLimits { Allowed = false }, Bare: false),
                new(IPNetwork.Parse("10.0.0.0/8"), new KeepAliveLimits { Maximum = 8 }, Bare: false),
                new(IPNetwork.Parse("2001:db8::/32"), KeepAliveLimits.None, Bare: true),
            ],
        };
        KeepAliveFacts facts = Facts(userAgent, signs) with { Remote = remote is null ? null : IPAddress.Parse(remote) };

        // One that is listed as taking none has no limit of its own for those that have proved the way to be clear.
        AssertDecides(maximum, rule, options, facts);
        Assert.Equal(bare, new KeepAlivePolicy(options).Decide(facts).Bare);
    }

    [Theory]
    [InlineData("curl/8", 2, 3)] // the proxy takes fewer
    [InlineData("rclone/v1", 2, 4)] // the client takes fewer, and says only how its silence grows
    public void Of_client_and_proxy_the_one_that_takes_fewer_sets_the_pace(string userAgent, int first, double growth)
    {
        KeepAliveOptions options = Options with
        {
            Proxies = [new(IPNetwork.Parse("10.0.0.0/8"), new KeepAliveLimits { Maximum = 8, First = TimeSpan.FromSeconds(2), Growth = 3 }, Bare: false)],
        };
        KeepAlivePace pace = new KeepAlivePolicy(options).Decide(Facts(userAgent, "v") with { Remote = IPAddress.Parse("10.0.0.1") }).Pace;

        Assert.Equal((TimeSpan.FromSeconds(first), growth), (pace.First, pace.Growth));
    }

    [Theory]
    [InlineData("curl/8", 64, 300)]
    [InlineData(null, 47, 64)] // .NET says no name
    [InlineData("new/1", 47, 64)]
    public void The_bytes_of_all_stay_below_what_the_client_bounds_them_to(string? userAgent, int above, int below) =>
        Assert.InRange(new KeepAlivePolicy(Options).Decide(Facts(userAgent, "p")).Pace.MaximumBytes, above * 1024, (below - 1) * 1024);

    private static void AssertDecides(int maximum, string rule, KeepAliveOptions options, KeepAliveFacts facts)
    {
        KeepAliveDecision decision = new KeepAlivePolicy(options).Decide(facts);
        Assert.Equal((maximum, rule), (decision.Pace.Maximum, decision.Rule));
    }

    private static KeepAliveFacts Facts(string? userAgent, string signs = "") => new("COPY", userAgent)
    {
        IsHttp10 = signs.Contains('0', StringComparison.Ordinal),
        ProxyField = signs.Contains('v', StringComparison.Ordinal) ? "Via" : null,
        Opted = signs.Contains('o', StringComparison.Ordinal),
        Asked = signs.Contains('p', StringComparison.Ordinal),
    };
}
