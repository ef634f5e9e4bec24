using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Range</c> header of GET, with <c>If-Range</c> (RFC 9110 14.2, 13.1.5).</summary>
internal static class RangeHeader
{
    /// <summary>
    /// Most ranges that are answered when nothing else is said. A server may ignore a request for very many (RFC 9110 14.2): each costs a part's head, so
    /// a short header would make a long answer.
    /// </summary>
    public const int MaximumRanges = 64;

    /// <summary>
    /// Decides which part is sent. Never faults: what cannot be understood is as good as absent (RFC 9110 14.2), and the whole
    /// representation is always a right answer.
    /// </summary>
    /// <param name="range">Lines of the <c>Range</c> field.</param>
    /// <param name="ifRange">Lines of the <c>If-Range</c> field.</param>
    /// <param name="etag">The representation's entity tag.</param>
    /// <param name="lastModified">When it was last modified; fractions of a second do not count, as the date in the field has none.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="most">How many ranges are answered.</param>
    public static RangeOutcome Parse(
        StringValues range, StringValues ifRange, ETag etag, DateTimeOffset lastModified, long length, int most = MaximumRanges)
    {
        if (range.Count != 1
            || !RangeHeaderValue.TryParse(range.ToString(), out var parsed)
            || !parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            || parsed.Ranges.Count == 0
            || parsed.Ranges.Count > most
            || !StillTheSame(ifRange, etag, lastModified))
        {
            return RangeOutcome.Whole;
        }

        // The last bytes of nothing are satisfiable (RFC 9110 14.1.2), but no Content-Range can say so.
        if (length == 0 && parsed.Ranges.Any(item => item is { From: null, To: > 0 }))
        {
            return RangeOutcome.Whole;
        }

        var ranges = new List<ByteRange>(parsed.Ranges.Count);
        foreach (var item in parsed.Ranges)
        {
            if (Resolve(item, length) is { } resolved)
            {
                ranges.Add(resolved);
            }
        }

        return ranges.Count == 0
            ? RangeOutcome.Unsatisfiable
            : new RangeOutcome(RangeKind.Partial, Coalesced(ranges));
    }

    // RFC 9110 13.1.5: a weak tag never matches; a date matches only exactly; what is malformed matches nothing.
    private static bool StillTheSame(StringValues ifRange, ETag etag, DateTimeOffset lastModified)
    {
        if (ifRange.Count == 0)
        {
            return true;
        }

        if (ifRange.Count != 1 || !RangeConditionHeaderValue.TryParse(ifRange.ToString(), out var condition))
        {
            return false;
        }

        return condition.EntityTag is { } tag
            ? !tag.IsWeak && tag.Tag.Equals(etag.ToString(), StringComparison.Ordinal)
            : condition.LastModified is { } date && date.ToUnixTimeSeconds() == lastModified.ToUnixTimeSeconds();
    }

    private static ByteRange? Resolve(RangeItemHeaderValue item, long length)
    {
        if (item.From is not { } first)
        {
            var suffix = Math.Min(item.To.GetValueOrDefault(), length);
            return suffix > 0 ? new ByteRange(length - suffix, suffix) : null;
        }

        if (first >= length)
        {
            return null;
        }

        var last = Math.Min(item.To ?? long.MaxValue, length - 1);
        return new ByteRange(first, last - first + 1);
    }

    // Ranges that overlap or touch become one, in the place of the first of them; the order is the client's (RFC 9110 15.3.7.2).
    private static List<ByteRange> Coalesced(List<ByteRange> ranges)
    {
        var merged = new List<(ByteRange Range, int Place)>();
        foreach (var (place, range) in ranges.Index().OrderBy(pair => pair.Item.Start))
        {
            if (merged.Count > 0 && range.Start <= merged[^1].Range.End)
            {
                var (before, itsPlace) = merged[^1];
                merged[^1] = (before with { Length = Math.Max(before.End, range.End) - before.Start }, Math.Min(itsPlace, place));
            }
            else
            {
                merged.Add((range, place));
            }
        }

        return [.. merged.OrderBy(entry => entry.Place).Select(entry => entry.Range)];
    }
}
