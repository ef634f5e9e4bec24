using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>
/// The <c>X-OC-Mtime</c> header of PUT: the file's own time, as the sync clients of ownCloud and Nextcloud and rclone send it.
/// </summary>
internal static class XOcMtimeHeader
{
    private static readonly decimal Earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly decimal Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The time the file is to have; null when the field is absent.</summary>
    /// <param name="values">The field's lines: seconds since 1970, with or without decimals; negative before.</param>
    /// <exception cref="DavFaultException">400: not a number, or no time between the years 1 and 9999.</exception>
    public static DateTimeOffset? Parse(StringValues values)
    {
        var text = FieldValue.Single(values, "X-OC-Mtime");
        if (text is null)
        {
            return null;
        }

        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var seconds) && seconds >= Earliest && seconds <= Latest
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw DavFaultException.BadRequest("X-OC-Mtime is not a time in seconds since 1970");
    }
}
