namespace WebDav.Handlers;

/// <summary>To whom the room on the storage is not told (RFC 4331).</summary>
internal static class QuotaReaders
{
    private const string WebDavFs = "WebDAVFS/";
    private const string Kernel = "Darwin/";
    private static readonly Version First = new(24, 4);

    /// <summary>
    /// Whether a client hangs on the answer: since macOS 15.4 (Darwin 24.4) the system asks WebDAVFS for the room while WebDAVFS waits for the
    /// system to mount it, and each waits for the other for 90 seconds. It asks only if it was told of any room before.
    /// </summary>
    public static bool HangOnIt(string? userAgent)
    {
        if (userAgent?.StartsWith(WebDavFs, StringComparison.Ordinal) != true
            || userAgent.IndexOf(Kernel, StringComparison.Ordinal) is not (> 0 and var at))
        {
            return false;
        }

        var version = userAgent.AsSpan(at + Kernel.Length);
        var end = version.IndexOf(' ');
        return Version.TryParse(end < 0 ? version : version[..end], out var kernel) && kernel >= First;
    }
}
