using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Overwrite</c> header (RFC 4918 10.6).</summary>
internal static class OverwriteHeader
{
    /// <summary>Whether COPY and MOVE may replace what is at the destination; they may when nothing is said.</summary>
    /// <exception cref="DavFaultException">400: neither <c>T</c> nor <c>F</c>.</exception>
    public static bool Parse(StringValues values) => FieldValue.Single(values, "Overwrite") switch
    {
        // Literals of an RFC's grammar are case-insensitive unless it says otherwise (RFC 5234 2.3).
        null or "T" or "t" => true,
        "F" or "f" => false,
        _ => throw DavFaultException.BadRequest("Overwrite is neither T nor F"),
    };
}
