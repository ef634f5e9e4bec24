using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Timeout</c> header of LOCK (RFC 4918 10.7).</summary>
internal static class TimeoutHeader
{
    private const string Second = "Second-";

    /// <summary>
    /// The durations the client would like, best first; <see cref="Timeout.InfiniteTimeSpan"/> for <c>Infinite</c>. They are wishes
    /// that a server need not grant, so what cannot be understood (such as <c>Extend</c> of RFC 2518) is passed over.
    /// </summary>
    public static IReadOnlyList<TimeSpan> Parse(StringValues values)
    {
        var timeouts = new List<TimeSpan>();
        foreach (var value in values)
        {
            var text = value.AsSpan();
            foreach (var range in text.Split(','))
            {
                if (TryParse(text[range].Trim(" \t"), out var timeout))
                {
                    timeouts.Add(timeout);
                }
            }
        }

        return timeouts;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = Timeout.InfiniteTimeSpan;
        if (text.Equals("Infinite", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!text.StartsWith(Second, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var digits = text[Second.Length..];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        // More than the grammar allows is still clear in what it wants.
        timeout = TimeSpan.FromSeconds(
            uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : (long)uint.MaxValue);
        return true;
    }
}
