using System.Globalization;
using Microsoft.AspNetCore.StaticFiles;
using WebDav.Protocol;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>The live properties, as a table (RFC 4918 15, RFC 4331 3 and 4).</summary>
internal static class LiveProperties
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    /// <summary>All of them, in the order in which they are written.</summary>
    public static IReadOnlyList<LiveProperty> All { get; } =
    [
        new(PropertyName.Dav("resourcetype"), InAllProp: true, Always, static (xml, context) =>
            xml.Raw(context.Entry.IsCollection ? "<D:resourcetype><D:collection/></D:resourcetype>"u8 : "<D:resourcetype/>"u8)),
        new(PropertyName.Dav("displayname"), InAllProp: true, Always, static (xml, context) =>
            xml.Element("displayname"u8, context.Entry.Path.IsRoot ? "/" : context.Entry.Path.Name)) { Keeping = Keeping.Instead },
        new(PropertyName.Dav("creationdate"), InAllProp: true, Always, static (xml, context) =>
            xml.Element("creationdate"u8, context.Entry.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
        new(PropertyName.Dav("getlastmodified"), InAllProp: true, Always, static (xml, context) =>
            xml.Element("getlastmodified"u8, context.Entry.Modified.UtcDateTime.ToString("R", CultureInfo.InvariantCulture)))
        {
            Act = static (element, _) => Win32Properties.ParseTime(element) is { } time ? new EntryChange(Modified: time) : null,
        },
        new(PropertyName.Dav("getcontentlength"), InAllProp: true, OfFile, static (xml, context) =>
            xml.Element("getcontentlength"u8, context.Entry.Length.ToString(CultureInfo.InvariantCulture))),
        new(PropertyName.Dav("getcontenttype"), InAllProp: true, OfFile, static (xml, context) =>
            xml.Element("getcontenttype"u8, ContentType(context.Entry.Path))),
        new(PropertyName.Dav("getetag"), InAllProp: true, OfFile, static (xml, context) =>
            xml.Element("getetag"u8, context.Entry.ETag.ToString())),
        new(PropertyName.Dav("supportedlock"), InAllProp: true, Always, static (xml, _) => xml.Raw(
            """
            <D:supportedlock><D:lockentry><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry><D:lockentry><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry></D:supportedlock>
            """u8)),
        new(PropertyName.Dav("lockdiscovery"), InAllProp: true, Always, LockDiscovery.Write),
        new(PropertyName.Dav("quota-available-bytes"), InAllProp: false, OfMeasuredCollection, static (xml, context) =>
            xml.Element("quota-available-bytes"u8, context.Space!.Value.Available.ToString(CultureInfo.InvariantCulture))) { NeedsSpace = true },
        new(PropertyName.Dav("quota-used-bytes"), InAllProp: false, OfMeasuredCollection, static (xml, context) =>
            xml.Element("quota-used-bytes"u8, context.Space!.Value.Used.ToString(CultureInfo.InvariantCulture))) { NeedsSpace = true },
        // What Apple's webdavfs asked for before RFC 4331: the whole volume and what is taken of it, in blocks of 512 bytes.
        new(PropertyName.Dav("quota"), InAllProp: false, OfMeasuredCollection, static (xml, context) =>
            xml.Element("quota"u8, Blocks((ulong)context.Space!.Value.Available + (ulong)context.Space.Value.Used))) { NeedsSpace = true },
        new(PropertyName.Dav("quotaused"), InAllProp: false, OfMeasuredCollection, static (xml, context) =>
            xml.Element("quotaused"u8, Blocks((ulong)context.Space!.Value.Used))) { NeedsSpace = true },
        .. Win32Properties.All,
    ];

    private static readonly Dictionary<PropertyName, LiveProperty> ByName = All.ToDictionary(property => property.Name);

    private static readonly PropertyName LockDiscoveryName = PropertyName.Dav("lockdiscovery");

    /// <summary>The live property of a name, or null where it would be a dead one.</summary>
    public static LiveProperty? Find(PropertyName name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether a query asks for the room on the storage, which is measured only then (RFC 4331).</summary>
    public static bool NeedSpace(PropFindQuery query) =>
        query.Kind == PropFindKind.PropName || query.Names.Any(static name => Find(name) is { NeedsSpace: true });

    /// <summary>Whether a query asks for more than the resource itself can tell: what clients have set, or locks.</summary>
    public static bool NeedState(PropFindQuery query) => query.Kind != PropFindKind.Prop
        || query.Names.Any(static name => Find(name) is not { Keeping: Keeping.Never } || name == LockDiscoveryName);

    /// <summary>The media type of a file, by its name's extension.</summary>
    public static string ContentType(DavPath path) =>
        ContentTypes.TryGetContentType(path.Name, out var type) ? type : "application/octet-stream";

    private static string Blocks(ulong bytes) => (bytes / 512).ToString(CultureInfo.InvariantCulture);

    private static bool Always(PropertyContext context) => true;

    private static bool OfFile(PropertyContext context) => !context.Entry.IsCollection;

    private static bool OfMeasuredCollection(PropertyContext context) => context.Entry.IsCollection && context.Space is not null;
}
