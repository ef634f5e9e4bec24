using System.Globalization;
using System.Xml.Linq;
using Microsoft.Net.Http.Headers;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>
/// The times and attributes that Windows sets after each write. Modification and access time and the read-only attribute act on
/// the file itself; what a POSIX file system cannot take — the time of creation, hidden, system, archive — is kept beside it.
/// </summary>
internal static class Win32Properties
{
    private const string Namespace = "urn:schemas-microsoft-com:";

    // FILE_ATTRIBUTE_..., as Windows numbers them (MS-FSCC 2.6).
    private const uint ReadOnly = 0x1;
    private const uint Directory = 0x10;
    private const uint Normal = 0x80;

    /// <summary>All of them. They are in <c>allprop</c> where a client has set them, as its own properties are.</summary>
    public static IReadOnlyList<LiveProperty> All { get; } =
    [
        Time("Win32CreationTime", Keeping.Instead, static entry => entry.Created, static _ => EntryChange.None),
        Time("Win32LastModifiedTime", Keeping.Beside, static entry => entry.Modified, static time => new EntryChange(Modified: time)),
        Time("Win32LastAccessTime", Keeping.Beside, static entry => entry.Accessed, static time => new EntryChange(Accessed: time)),
        new(Name("Win32FileAttributes"), InAllProp: false, static _ => true, static (xml, context) =>
            xml.Element(Name("Win32FileAttributes"), Attributes(context).ToString("X8", CultureInfo.InvariantCulture)))
        {
            Keeping = Keeping.Beside,
            Act = static (element, collection) => ParseAttributes(element) switch
            {
                null => null,
                _ when collection => EntryChange.None, // Without write permission, a directory would take no new members.
                { } bits => new EntryChange(ReadOnly: (bits & ReadOnly) != 0),
            },
        },
    ];

    /// <summary>The date that a property element holds (RFC 9110 5.6.7), or null.</summary>
    public static DateTimeOffset? ParseTime(XElement element) =>
        !element.HasElements && HeaderUtilities.TryParseDate(element.Value.Trim(), out var time) ? time : null;

    private static LiveProperty Time(
        string local, Keeping keeping, Func<Entry, DateTimeOffset> read, Func<DateTimeOffset, EntryChange> change) =>
        new(Name(local), InAllProp: false, static _ => true, (xml, context) =>
            xml.Element(Name(local), read(context.Entry).UtcDateTime.ToString("R", CultureInfo.InvariantCulture)))
        {
            Keeping = keeping,
            Act = (element, _) => ParseTime(element) is { } time ? change(time) : null,
        };

    private static PropertyName Name(string local) => new(Namespace, local);

    // What was set, but for the bits that the file itself has.
    private static uint Attributes(PropertyContext context)
    {
        var kept = context.Stored is null ? 0 : ParseAttributes(XElement.Parse(context.Stored.Xml)) ?? 0;
        if (context.Entry.IsCollection)
        {
            return (kept | Directory) & ~Normal;
        }

        var bits = (kept & ~(ReadOnly | Directory)) | (context.Entry.IsReadOnly ? ReadOnly : 0);
        return bits == 0 && context.Stored is null ? Normal
            : (bits & ~Normal) != 0 ? bits & ~Normal // It is said of files that have no other attribute.
            : bits;
    }

    private static uint? ParseAttributes(XElement element) =>
        !element.HasElements && uint.TryParse(element.Value.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? bits
            : null;
}
