using System.Globalization;
using Microsoft.AspNetCore.Http;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>The header fields by which a client knows a file's content again (RFC 9110 8.8).</summary>
internal static class Validators
{
    public static void Write(IHeaderDictionary headers, Entry entry)
    {
        headers.ETag = entry.ETag.ToString();
        headers.LastModified = entry.Modified.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
    }
}
