using System.Globalization;
using System.Text;

namespace WebDavServer.Hosting;

/// <summary>Makes text that came from outside safe to stand in a line of a log or on a terminal.</summary>
internal static class LogText
{
    private const int Longest = 1024;

    /// <summary>
    /// The text with everything escaped that could end the line, steer a terminal or turn its reading direction, and cut where it is
    /// too long to be read.
    /// </summary>
    public static string Safe(string text)
    {
        if (text.Length <= Longest && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        StringBuilder safe = new(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (safe.Length > Longest)
            {
                return safe.Append('…').ToString();
            }

            if (IsPlain(rune))
            {
                safe.Append(rune);
            }
            else
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
        }

        return safe.ToString();
    }

    /// <summary>The same, for a text that may be missing.</summary>
    public static string? SafeOrNull(string? text) => text is null ? null : Safe(text);

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
