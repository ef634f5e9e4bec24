using System.Globalization;
using System.Text;

namespace WebDav.Protocol;

/// <summary>
/// <c>.webdav</c>, at the root: the server's own, and never a resource. Neither is any spelling that a file system which
/// ignores case or normalises names (NTFS, APFS, ext4 with casefold) may take for it.
/// </summary>
internal static class ReservedName
{
    /// <summary>The name.</summary>
    public const string Text = ".webdav";

    // The compatibility forms (UAX 15, NFKC) of the name's characters that lie outside the blocks below. Written out because
    // string.Normalize leaves everything as it is in the globalization-invariant mode that the server runs in.
    private static readonly (string Forms, string Plain)[] s_forms =
    [
        ("\u2024\uFE52", "."),
        ("\u02B7\u1D42", "w"),
        ("\u1D31\u1D49\u2091\u212F\u2130\u2147", "e"),
        ("\u1D2E\u1D47\u212C", "b"),
        ("\u1D30\u1D48\u2145\u2146\u216E\u217E", "d"),
        ("\u00AA\u1D2C\u1D43\u2090", "a"),
        ("\u1D5B\u1D65\u2164\u2174\u2C7D", "v"),
        ("\u3372", "da"),
    ];

    /// <summary>Whether a name at the root is the server's own, in any spelling.</summary>
    public static bool Matches(ReadOnlySpan<char> name)
    {
        if (Ascii.IsValid(name))
        {
            return name.Equals(Text, StringComparison.OrdinalIgnoreCase);
        }

        var folded = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            Fold(rune, folded);
        }

        return folded.ToString().Equals(Text, StringComparison.OrdinalIgnoreCase);
    }

    private static void Fold(Rune rune, StringBuilder folded)
    {
        var c = rune.Value;
        var letter = c switch
        {
            >= 0x1D400 and <= 0x1D6A3 => 'a' + ((c - 0x1D400) % 26), // mathematical letters: thirteen alphabets, capitals first
            >= 0x24B6 and <= 0x24E9 => 'a' + ((c - 0x24B6) % 26), // circled
            >= 0x1F130 and <= 0x1F149 => 'a' + c - 0x1F130, // squared
            >= 0xFF01 and <= 0xFF5E => c - 0xFEE0, // full width
            _ => 0,
        };
        if (letter != 0)
        {
            folded.Append((char)letter);
            return;
        }

        foreach (var (forms, plain) in s_forms)
        {
            if (c <= char.MaxValue && forms.Contains((char)c, StringComparison.Ordinal))
            {
                folded.Append(plain);
                return;
            }
        }

        folded.Append(CultureInfo.InvariantCulture, $"{rune}");
    }
}
