using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>
/// The <c>X-Update-Range</c> header of PATCH, as sabre/dav defines it (sabre.io/dav/http-patch): <c>bytes=3-6</c>, <c>bytes=3-</c>,
/// <c>bytes=-4</c> from the end, or <c>append</c>.
/// </summary>
internal static class UpdateRangeHeader
{
    private const string Unit = "bytes=";

    /// <summary>The part. It may begin beyond the file's end: what is between is zeros then.</summary>
    /// <exception cref="DavFaultException">400: absent, or none of these forms. 416: a last byte before the first.</exception>
    public static BodyPlace Parse(StringValues values)
    {
        var text = FieldValue.Single(values, "X-Update-Range")
            ?? throw DavFaultException.BadRequest("X-Update-Range, which says where the body goes, is missing");
        if (text.Equals("append", StringComparison.OrdinalIgnoreCase))
        {
            return new BodyPlace(First: null, FromEnd: 0, Length: null);
        }

        var range = text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) ? text.AsSpan(Unit.Length) : default;
        var dash = range.IndexOf('-');
        if (dash < 0)
        {
            throw Malformed();
        }

        var (first, last) = (Number(range[..dash]), Number(range[(dash + 1)..]));
        return (first, last) switch
        {
            (null, null) => throw Malformed(),
            (null, { } fromEnd) => new BodyPlace(First: null, fromEnd, Length: null),
            ({ } start, null) => new BodyPlace(start, FromEnd: 0, Length: null) { MayLeaveGap = true },
            ({ } start, { } end) when end >= start && end - start < long.MaxValue =>
                new BodyPlace(start, FromEnd: 0, end - start + 1) { MayLeaveGap = true },
            _ => throw new DavFaultException(new DavFault(416, "X-Update-Range ends before it begins")),
        };
    }

    private static long? Number(ReadOnlySpan<char> digits) =>
        digits.IsEmpty ? null
        : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Malformed();

    private static DavFaultException Malformed() =>
        DavFaultException.BadRequest("X-Update-Range is none of bytes=first-last, bytes=first-, bytes=-count and append");
}
