using System.Text;

namespace WebDavServer.Tests.Reliability;

/// <summary>Contents that say which they are, so that a part of one, or two mixed, cannot be taken for a whole one.</summary>
internal static class HistoryContent
{
    /// <summary>The name of what a LOCK of an unmapped URL makes.</summary>
    public const string Empty = "";

    /// <summary>A name that no other content has.</summary>
    public static string Name(int client, int number, int length) => $"c{client}n{number}-{length}";

    /// <summary>The content of that name.</summary>
    public static string Of(string name)
    {
        if (name == Empty)
        {
            return "";
        }

        int length = int.Parse(name.AsSpan(name.IndexOf('-', StringComparison.Ordinal) + 1));
        StringBuilder text = new(length + name.Length);
        while (text.Length < length)
        {
            text.Append(name).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The name of a content that is whole; null for one that is not.</summary>
    public static string? NameOf(string content)
    {
        string name = content.Split('\n', 2)[0];
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return content == "" || (dash > 0 && int.TryParse(name.AsSpan(dash + 1), out int _) && Of(name) == content) ? name : null;
    }
}
