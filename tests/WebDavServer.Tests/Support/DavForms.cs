using System.Globalization;
using System.Xml.Linq;
using static WebDavServer.Tests.Support.MultiStatus;

namespace WebDavServer.Tests.Support;

/// <summary>The forms in which clients parse what they are told of a resource (RFC 4918 15).</summary>
internal static class DavForms
{
    /// <summary>The instant that getlastmodified tells (RFC 4918 15.7, RFC 9110 5.6.7: in the one form that is to be sent).</summary>
    public static DateTimeOffset HttpDate(string text) =>
        DateTimeOffset.ParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The instant that creationdate tells (RFC 4918 15.1, RFC 3339).</summary>
    public static DateTimeOffset IsoDate(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The number of bytes, or of blocks, that a property tells.</summary>
    public static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The locks in an answer to LOCK or in a lockdiscovery, as <c>exclusive write infinity Second-3600 urn:uuid:… by PC\anna</c>.</summary>
    public static IReadOnlyList<string> Locks(XElement told) =>
    [
        .. from active in told.DescendantsAndSelf(Dav + "activelock")
           select $"{Kind(active, "lockscope")} {Kind(active, "locktype")} {Text(active, "depth")} {Text(active, "timeout")} {Text(active, "locktoken")} by {Text(active, "owner")}",
    ];

    /// <summary>The locks that a resource can have, as <c>exclusive write</c>.</summary>
    public static IReadOnlyList<string> SupportedLocks(XElement told) =>
        [.. told.Elements(Dav + "lockentry").Select(entry => $"{Kind(entry, "lockscope")} {Kind(entry, "locktype")}")];

    private static string Kind(XElement parent, string name) => parent.Element(Dav + name)!.Elements().Single().Name.LocalName;

    private static string Text(XElement parent, string name) => parent.Element(Dav + name)!.Value;
}
