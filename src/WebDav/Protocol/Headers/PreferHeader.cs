using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Prefer</c> header (RFC 7240 2).</summary>
internal static class PreferHeader
{
    /// <summary>
    /// The preferences this server knows. Others, and what is malformed, are passed over: a preference never makes a request fail
    /// (RFC 7240 2). Of several with one name the first counts.
    /// </summary>
    /// <param name="values">Lines of the field.</param>
    /// <param name="brief">
    /// Lines of Microsoft's older <c>Brief</c>, whose <c>t</c> means <c>return=minimal</c> and counts without Prefer only (RFC 8144, appendix A).
    /// </param>
    public static Preferences Parse(StringValues values, StringValues brief = default)
    {
        if (values.Count == 0)
        {
            return brief is [{ } text] && text.Trim().Equals("t", StringComparison.OrdinalIgnoreCase)
                ? Preferences.None with { ReturnMinimal = true }
                : Preferences.None;
        }

        var preferences = Preferences.None;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in values)
        {
            var rest = value.AsSpan();
            while (!rest.IsEmpty)
            {
                // Parameters stand behind a semicolon; none of the preferences known here has any.
                var preference = Take(ref rest, ',');
                preferences = With(preferences, Take(ref preference, ';'), seen);
            }
        }

        return preferences;
    }

    private static Preferences With(Preferences preferences, ReadOnlySpan<char> preference, HashSet<string> seen)
    {
        var equals = preference.IndexOf('=');
        var name = (equals < 0 ? preference : preference[..equals]).Trim(" \t").ToString();
        var text = equals < 0 ? "" : Unquoted(preference[(equals + 1)..].Trim(" \t"));
        if (!seen.Add(name))
        {
            return preferences;
        }

        // An empty value is the same as none (RFC 7240 2).
        return (name.ToUpperInvariant(), text.ToUpperInvariant()) switch
        {
            ("RESPOND-ASYNC", "") => preferences with { RespondAsync = true },
            ("PROCESSING", "") => preferences with { Processing = true },
            ("DEPTH-NOROOT", "") => preferences with { DepthNoRoot = true },
            ("RETURN", "MINIMAL") => preferences with { ReturnMinimal = true },
            ("RETURN", "REPRESENTATION") => preferences with { ReturnRepresentation = true },
            ("WAIT", _) => preferences with { Wait = Seconds(text) },
            _ => preferences,
        };
    }

    private static TimeSpan? Seconds(string digits)
    {
        if (digits.Length == 0 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        // A number too large to hold is taken for the largest (RFC 9111 1.2.2, delta-seconds).
        return TimeSpan.FromSeconds(
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : (long)int.MaxValue);
    }

    private static string Unquoted(ReadOnlySpan<char> word) =>
        HeaderUtilities.UnescapeAsQuotedString(new StringSegment(word.ToString())).ToString();

    /// <summary>Cuts off what comes before the next separator that is not inside quotes.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest, char separator)
    {
        var quoted = false;
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                quoted = !quoted;
            }
            else if (quoted && rest[i] == '\\')
            {
                i++;
            }
            else if (!quoted && rest[i] == separator)
            {
                var taken = rest[..i];
                rest = rest[(i + 1)..];
                return taken;
            }
        }

        var all = rest;
        rest = [];
        return all;
    }
}
