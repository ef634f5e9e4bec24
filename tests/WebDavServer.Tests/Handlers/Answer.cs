using System.Xml.Linq;

namespace WebDavServer.Tests.Handlers;

/// <summary>What the server answered to one request.</summary>
/// <param name="Status">The status.</param>
/// <param name="Header">The header fields.</param>
/// <param name="Text">The body.</param>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Header, string Text)
{
    private static readonly XNamespace Dav = "DAV:";

    /// <summary>The body as XML.</summary>
    public XElement Xml => XDocument.Parse(Text, LoadOptions.PreserveWhitespace).Root!;

    /// <summary>The token of the Lock-Token field, without its brackets; null where there is no such field.</summary>
    public string? LockToken => Header.TryGetValue("Lock-Token", out var token) ? token.Trim('<', '>') : null;

    /// <summary>The condition that failed and the resources it names, as <c>lock-token-submitted /a/ /b</c>; empty where none is said.</summary>
    public string Condition => Text.StartsWith('<') && Xml.Name == Dav + "error" ? Describe(Xml.Elements().Single()) : "";

    /// <summary>The responses of a 207, as <c>/a 423 lock-token-submitted /a</c>, in the order of their hrefs.</summary>
    public IReadOnlyList<string> Members =>
    [
        .. Xml.Elements(Dav + "response").Select(response => string.Join(
            ' ',
            new[] { response.Element(Dav + "href")!.Value, response.Element(Dav + "status")?.Value.Split(' ')[1] ?? "" }
                .Concat(response.Elements(Dav + "error").Select(error => Describe(error.Elements().Single()))))).Order(StringComparer.Ordinal),
    ];

    /// <summary>The locks that the body tells of, in a LOCK's answer or a PROPFIND's.</summary>
    public IReadOnlyList<XElement> ActiveLocks => [.. Xml.Descendants(Dav + "activelock")];

    /// <summary>The value of a property in the body.</summary>
    public XElement Property(XName name) => Xml.Descendants(name).Single();

    private static string Describe(XElement condition)
    {
        Assert.Equal(Dav, condition.Name.Namespace);
        return string.Join(' ', new[] { condition.Name.LocalName }.Concat(condition.Elements(Dav + "href").Select(href => href.Value)));
    }
}
