using System.Globalization;
using System.Xml.Linq;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>A row of a collection's page: a link, what it is, how large, since when, and who has locked it.</summary>
internal static class ListingRow
{
    /// <summary>Writes a row; the end tags of cells and rows may be left out in HTML, which makes a long list a third shorter.</summary>
    public static void Write(XmlOutput html, UrlSpace urls, in ListedMember member, string? user)
    {
        var entry = member.Entry;
        html.Raw("<tr><td><a href=\""u8);
        html.Text(urls.Href(entry.Path, entry.IsCollection));
        html.Raw("\">"u8);
        html.Text(entry.Path.Name);
        html.Raw("</a>"u8);
        foreach (var active in member.Locks)
        {
            WriteLock(html, urls, active, user);
        }

        html.Raw("<td>"u8);
        html.Text(Kind(entry.IsCollection, entry.Path.Name));
        html.Raw("<td>"u8);
        if (!entry.IsCollection)
        {
            html.Raw("<data value=\""u8);
            html.Raw(entry.Length.ToString(CultureInfo.InvariantCulture));
            html.Raw("\">"u8);
            html.Raw(Size(entry.Length));
            html.Raw("</data>"u8);
        }

        html.Raw("<td>"u8);
        Time(html, entry.Modified);
        html.Raw("\n"u8);
    }

    /// <summary>Writes who has a lock, and since when.</summary>
    public static void WriteLock(XmlOutput html, UrlSpace urls, ActiveLock active, string? user)
    {
        html.Raw("<small class=\"lock\" data-token=\""u8);
        html.Text(active.Token.Uri);
        html.Raw("\" data-root=\""u8);
        html.Text(urls.Href(active.Root));
        html.Raw("\" data-by=\""u8);
        html.Text(Holder(active));
        html.Raw(string.Equals(active.Principal, user, StringComparison.Ordinal) ? "\" data-own>locked by "u8 : "\">locked by "u8);
        html.Text(Holder(active));
        if (active.Created is { } created)
        {
            html.Raw(" since "u8);
            Time(html, created);
        }

        html.Raw("</small>"u8);
    }

    // The user's name is what the server knows; what the client says of its owner is all there is of those without one.
    private static string Holder(ActiveLock active)
    {
        var said = string.IsNullOrEmpty(active.Owner) ? "" : XElement.Parse(active.Owner).Value.Trim();
        return (active.Principal, said) switch
        {
            ({ } name, _) => name,
            (_, "") => "someone",
            _ => said,
        };
    }

    private static void Time(XmlOutput html, DateTimeOffset time)
    {
        html.Raw("<time datetime=\""u8);
        html.Raw(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        html.Raw("\">"u8);
        html.Raw(time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        html.Raw("</time>"u8);
    }

    private static string Kind(bool isCollection, string name) =>
        isCollection ? "Folder"
        : Path.GetExtension(name) is { Length: > 1 and < 8 } extension && name.Length > extension.Length ? extension[1..].ToUpperInvariant()
        : "File";

    private static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 999.5; unit++)
        {
            size /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(size, unit == 0 || size >= 99.95 ? 0 : 1)} {units[unit]}");
    }
}
