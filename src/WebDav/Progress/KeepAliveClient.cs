namespace WebDav.Progress;

/// <summary>A client that is known to read past <c>102 Processing</c>.</summary>
/// <param name="Product">The product name as its User-Agent begins, with the slash behind it (RFC 9110 10.1.5).</param>
/// <param name="Maximum">Most interim responses it takes for one request.</param>
internal sealed record KeepAliveClient(string Product, int Maximum)
{
    // neon before 0.33 gives up at the 128th.
    private const int Neon = 127;

    // Go before 1.24 gives up at the sixth, 100 Continue included.
    private const int Go = 4;

    /// <summary>The clients that were tried.</summary>
    public static IReadOnlyList<KeepAliveClient> Known { get; } =
    [
        new("cadaver/", Neon),
        new("curl/", int.MaxValue),
        new("davfs2/", Neon),
        new("gvfs/", int.MaxValue),
        new("neon/", Neon),
        new("Wget/", int.MaxValue),
        new("Go-http-client/", Go),
        new("rclone/", Go),
    ];

    /// <summary>The client of a User-Agent, or null if it is not known.</summary>
    public static KeepAliveClient? Find(string? userAgent) =>
        userAgent is null ? null : Known.FirstOrDefault(client => userAgent.StartsWith(client.Product, StringComparison.OrdinalIgnoreCase));
}
