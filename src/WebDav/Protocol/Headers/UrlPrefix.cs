namespace WebDav.Protocol.Headers;

/// <summary>The path under which a server is reached, as a setting or a proxy in front tells it.</summary>
internal static class UrlPrefix
{
    /// <summary>Reads a prefix such as <c>/dav</c> or <c>/dav/</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">The prefix, encoded and without the slash at its end; empty for <c>/</c>.</param>
    /// <param name="error">What is wrong with it, for a person to read.</param>
    public static bool TryParse(string text, out string prefix, out string? error)
    {
        var parsed = DavPath.TryParse(text, out var path, out _, out error);
        prefix = !parsed || path.IsRoot ? "" : path.ToHref();
        return parsed;
    }
}
