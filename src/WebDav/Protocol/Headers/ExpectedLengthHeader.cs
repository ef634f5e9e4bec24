using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>
/// The <c>X-Expected-Entity-Length</c> header of PUT: how long a body in chunks will be, which the Finder of macOS says beforehand.
/// </summary>
internal static class ExpectedLengthHeader
{
    /// <summary>The length in bytes; null when the field is absent.</summary>
    /// <exception cref="DavFaultException">400: not a number of bytes.</exception>
    public static long? Parse(StringValues values) => FieldValue.Single(values, "X-Expected-Entity-Length") switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) => length,
        _ => throw DavFaultException.BadRequest("X-Expected-Entity-Length is not a number of bytes"),
    };
}
