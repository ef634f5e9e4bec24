using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Content-Type</c> header of a request (RFC 9110 8.3).</summary>
internal static class MediaType
{
    /// <summary>The body of a PATCH as sabre/dav defines it: the bytes of the part that <c>X-Update-Range</c> names.</summary>
    public const string PartialUpdate = "application/x-sabredav-partialupdate";

    /// <summary>Whether it is one of some types, whatever its parameters; false when the field is absent or cannot be understood.</summary>
    public static bool Is(StringValues contentType, params ReadOnlySpan<string> types)
    {
        if (contentType.Count != 1 || !MediaTypeHeaderValue.TryParse(contentType.ToString(), out var parsed))
        {
            return false;
        }

        foreach (var type in types)
        {
            if (parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
