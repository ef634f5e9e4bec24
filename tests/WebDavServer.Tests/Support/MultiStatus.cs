using System.Xml.Linq;

namespace WebDavServer.Tests.Support;

/// <summary>A 207 as a strict client reads it (RFC 4918 13, 14.16).</summary>
internal sealed class MultiStatus
{
    /// <summary>The namespace of RFC 4918.</summary>
    public static readonly XNamespace Dav = "DAV:";

    private readonly Dictionary<string, XElement> _responses;

    private MultiStatus(Dictionary<string, XElement> responses) => _responses = responses;

    /// <summary>The hrefs, in order; no two are the same.</summary>
    public IReadOnlyList<string> Hrefs => [.. _responses.Keys];

    /// <summary>Reads a response, which must be a whole and well-formed 207.</summary>
    public static MultiStatus Of(RawResponse response)
    {
        Assert.Equal(207, response.Status);
        Assert.Equal("application/xml; charset=utf-8", response["Content-Type"]);
        XElement root = XElement.Parse(response.Text, LoadOptions.PreserveWhitespace);
        Assert.Equal(Dav + "multistatus", root.Name);
        return new(root.Elements(Dav + "response").ToDictionary(entry => entry.Element(Dav + "href")!.Value, StringComparer.Ordinal));
    }

    /// <summary>The status of the resource itself, where a method failed on it.</summary>
    public int Status(string href) => StatusIn(_responses[href]);

    /// <summary>The status that a property of a resource has.</summary>
    public int Status(string href, XName property) => StatusIn(PropStatOf(href, property));

    /// <summary>The element of a property.</summary>
    public XElement Value(string href, XName property) => PropStatOf(href, property).Element(Dav + "prop")!.Element(property)!;

    /// <summary>The text of a property that the resource has.</summary>
    public string Text(string href, XName property)
    {
        Assert.Equal(200, Status(href, property));
        return Value(href, property).Value;
    }

    /// <summary>Whether a resource is a collection.</summary>
    public bool IsCollection(string href) => Value(href, Dav + "resourcetype").Element(Dav + "collection") is not null;

    /// <summary>The precondition by which a property was refused; null if none is named.</summary>
    public string? Condition(string href, XName property) =>
        PropStatOf(href, property).Element(Dav + "error")?.Elements().Single().Name.LocalName;

    /// <summary>The names of all properties that have a status.</summary>
    public IReadOnlyList<XName> Names(string href, int status) =>
    [
        .. _responses[href].Elements(Dav + "propstat").Where(propStat => StatusIn(propStat) == status)
            .SelectMany(propStat => propStat.Element(Dav + "prop")!.Elements()).Select(property => property.Name),
    ];

    /// <summary>How many groups of properties a response has.</summary>
    public int PropStats(string href) => _responses[href].Elements(Dav + "propstat").Count();

    private static int StatusIn(XElement element)
    {
        string line = element.Element(Dav + "status")!.Value;
        Assert.Matches("^HTTP/1\\.1 [1-5][0-9][0-9] ", line); // RFC 4918 14.28
        return int.Parse(line.AsSpan(9, 3));
    }

    private XElement PropStatOf(string href, XName property) =>
        _responses[href].Elements(Dav + "propstat").Single(propStat => propStat.Element(Dav + "prop")!.Element(property) is not null);
}
