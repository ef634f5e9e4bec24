namespace WebDav.Progress;

/// <summary>What a <c>102 Processing</c> counts for the clients that bound the bytes of interim responses.</summary>
internal static class InterimSize
{
    /// <summary>
    /// Its size in bytes: at least what it takes as text of HTTP/1.1, and at least what HTTP/2 counts for it, which is 32 bytes more
    /// than name and value for each field (RFC 9113 6.5.2), the status among them.
    /// </summary>
    public static int Of(IReadOnlyList<KeyValuePair<string, string>> fields) =>
        7 + 3 + 32 + fields.Sum(field => field.Key.Length + field.Value.Length + 32);
}
