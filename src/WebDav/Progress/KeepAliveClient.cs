namespace WebDav.Progress;

/// <summary>A client that is known to read past <c>102 Processing</c>.</summary>
/// <param name="Product">The product name as its User-Agent begins, with the slash behind it (RFC 9110 10.1.5).</param>
/// <param name="Maximum">Most interim responses it takes for one request.</param>
internal sealed record KeepAliveClient(string Product, int Maximum)
{
    /// <summary>The clients that were tried. Go (and so rclone) gives up at the sixth interim response, 100 Continue included.</summary>
    public static IReadOnlyList<KeepAliveClient> Known { get; } =
    [
        new("cadaver/", int.MaxValue),
        new("curl/", int.MaxValue),
        new("davfs2/", int.MaxValue),
        new("gvfs/", int.MaxValue),
        new("neon/", int.MaxValue),
        new("Wget/", int.MaxValue),
        new("Go-http-client/", 4),
        new("rclone/", 4),
    ];

    /// <summary>The client of a User-Agent, or null if it is not known.</summary>
    public static KeepAliveClient? Find(string? userAgent) =>
        userAgent is null ? null : Known.FirstOrDefault(client => userAgent.StartsWith(client.Product, StringComparison.OrdinalIgnoreCase));
}
