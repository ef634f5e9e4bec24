using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Content-Range</c> header of PUT: its body is a part of the file (RFC 9110 14.4, 14.5).</summary>
internal static class ContentRangeHeader
{
    /// <summary>The part; null where the field is absent and the body is the whole file.</summary>
    /// <exception cref="DavFaultException">400: not <c>bytes first-last/total</c>, with <c>*</c> for a total that is not known.</exception>
    public static BodyPlace? Parse(StringValues values)
    {
        var text = FieldValue.Single(values, HeaderNames.ContentRange);
        if (text is null)
        {
            return null;
        }

        return ContentRangeHeaderValue.TryParse(text, out var range)
            && range is { From: { } first, To: { } last }
            && range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            && last - first < long.MaxValue
            ? new BodyPlace(first, FromEnd: 0, last - first + 1) { Total = range.Length }
            : throw DavFaultException.BadRequest("Content-Range is not one range of bytes, such as bytes 0-99/1000 or bytes 0-99/*");
    }
}
