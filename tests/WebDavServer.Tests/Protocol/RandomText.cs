using System.Text;

namespace WebDavServer.Tests.Protocol;

/// <summary>Text that a parser was not made for.</summary>
internal static class RandomText
{
    /// <summary>Any character from <paramref name="lowest"/> up, half of them ASCII.</summary>
    public static string Rune(Random random, int lowest)
    {
        while (true)
        {
            var value = random.Next(2) == 0 ? random.Next(lowest, 0x80) : random.Next(lowest, 0x110000);
            if (System.Text.Rune.IsValid(value))
            {
                return new Rune(value).ToString();
            }
        }
    }

    /// <summary>Up to 24 of the pieces given, which are the words of a grammar, and now and then something else.</summary>
    public static string Of(Random random, params ReadOnlySpan<string> pieces)
    {
        var text = new StringBuilder();
        for (var count = random.Next(24); count > 0; count--)
        {
            text.Append(random.Next(12) == 0 ? Rune(random, 0) : pieces[random.Next(pieces.Length)]);
        }

        return text.ToString();
    }

    /// <summary>The text with up to three characters taken out, doubled or replaced.</summary>
    public static string Damaged(Random random, string text)
    {
        var damaged = new StringBuilder(text);
        for (var count = random.Next(1, 4); count > 0 && damaged.Length > 0; count--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(3))
            {
                case 0:
                    damaged.Remove(at, 1);
                    break;
                case 1:
                    damaged.Insert(at, damaged[at]);
                    break;
                default:
                    damaged[at] = (char)random.Next(0x250);
                    break;
            }
        }

        return damaged.ToString();
    }
}
