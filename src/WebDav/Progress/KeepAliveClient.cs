namespace WebDav.Progress;

/// <summary>What is known of a client (setting <c>KeepAlive:Clients</c>, and what was tried).</summary>
/// <param name="Pattern">
/// How its User-Agent begins (RFC 9110 10.1.5), upper and lower case alike; with a <c>$</c> at its end, the whole of it.
/// </param>
/// <param name="Limits">How many 102s it takes.</param>
/// <param name="ReadsToEnd">Whether it reads the 207 of a COPY, MOVE or DELETE to its end before it says what became of it.</param>
internal sealed record KeepAliveClient(string Pattern, KeepAliveLimits Limits, bool ReadsToEnd = false)
{
    // neon before 0.33 gives up at the 128th.
    private static readonly KeepAliveLimits Neon = new() { Maximum = 120 };

    // Go before 1.24 gives up at the sixth, 100 Continue included, and nothing tells its version: few, and ever further apart.
    private static readonly KeepAliveLimits Go = new() { Maximum = 4, Growth = 4 };

    // java.net.http gives up at the ninth.
    private static readonly KeepAliveLimits Java = new() { Maximum = 7, Growth = 2 };

    // curl gives up at 300 KB of header lines.
    private static readonly KeepAliveLimits Curl = new() { MaximumBytes = 240 * 1024 };

    /// <summary>The clients that were tried. PHP's stream wrapper, which misreads a 102, says no name and cannot be seen.</summary>
    public static IReadOnlyList<KeepAliveClient> BuiltIn { get; } =
    [
        new("cadaver/", Neon),
        new("davfs2/", Neon),
        new("neon/", Neon),
        new("gvfs/", KeepAliveLimits.None),
        new("curl/", Curl),
        new("Wget/", KeepAliveLimits.None),
        new("rclone/", Go),
        new("Go-http-client/", Go),
        new("Java-http-client/", Java),
        new("Apache-HttpClient/", KeepAliveLimits.None),
        new("aria2/", KeepAliveLimits.None),
        new("lftp/", KeepAliveLimits.None),
        new("python-httpx/", KeepAliveLimits.None),
        new("HTTP-Tiny/", KeepAliveLimits.None),
        new("Ruby$", KeepAliveLimits.None),
        new("node$", KeepAliveLimits.None),
        new("node-fetch", KeepAliveLimits.None),
        new("undici$", KeepAliveLimits.None),
        new("axios/", KeepAliveLimits.None),
        new("Deno/", KeepAliveLimits.None),
        new("Bun/", KeepAliveLimits.None),
        new("python-requests/", KeepAliveLimits.Misread, ReadsToEnd: true),
        new("Python-urllib/", KeepAliveLimits.Misread, ReadsToEnd: true),
        new("python-urllib3/", KeepAliveLimits.Misread),
        new("Java/", KeepAliveLimits.Misread, ReadsToEnd: true),
        new("libwww-perl/", KeepAliveLimits.Misread, ReadsToEnd: true),
        new("okhttp/", KeepAliveLimits.Misread),
        new("Mozilla/5.0$", KeepAliveLimits.Misread), // Qt, where nothing else is set
        new("SVN/", KeepAliveLimits.Misread),
        new("serf/", KeepAliveLimits.Misread),
    ];

    /// <summary>Its name, for the log.</summary>
    public string Name => Pattern.TrimEnd('/', '$');

    /// <summary>Whether a User-Agent is its.</summary>
    public bool Matches(string userAgent) => Pattern.EndsWith('$')
        ? userAgent.AsSpan().Equals(Pattern.AsSpan(..^1), StringComparison.OrdinalIgnoreCase)
        : userAgent.StartsWith(Pattern, StringComparison.OrdinalIgnoreCase);
}
