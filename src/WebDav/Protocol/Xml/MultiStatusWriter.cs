using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace WebDav.Protocol.Xml;

/// <summary>Writes a <c>multistatus</c> document (RFC 4918 13, 14.16) response by response, as each is known.</summary>
internal sealed class MultiStatusWriter(XmlOutput xml, UrlSpace urls)
{
    /// <summary>Where the values of properties go, between <see cref="StartPropStat"/> and <see cref="EndPropStat"/>.</summary>
    public XmlOutput Xml { get; } = xml;

    public void Start() => Xml.StartDocument("multistatus"u8);

    public void End() => Xml.Raw("</D:multistatus>\n"u8);

    /// <summary>Begins the <c>response</c> for a resource.</summary>
    public void StartResponse(DavPath path, bool collection)
    {
        Xml.Raw("\n<D:response><D:href>"u8);
        Xml.Raw(urls.Href(path, collection));
        Xml.Raw("</D:href>"u8);
    }

    public void EndResponse() => Xml.Raw("</D:response>"u8);

    /// <summary>Begins a group of properties that share a status.</summary>
    public void StartPropStat() => Xml.Raw("<D:propstat><D:prop>"u8);

    /// <summary>Ends a group of properties.</summary>
    /// <param name="status">The status they share.</param>
    /// <param name="condition">The precondition that failed for them, or null.</param>
    public void EndPropStat(int status, string? condition = null)
    {
        Xml.Raw("</D:prop>"u8);
        Status(status);
        if (condition is not null)
        {
            Xml.Raw("<D:error>"u8);
            Xml.Empty(PropertyName.Dav(condition));
            Xml.Raw("</D:error>"u8);
        }

        Xml.Raw("</D:propstat>"u8);
    }

    /// <summary>Writes the whole <c>response</c> for a resource that a method failed on.</summary>
    public void Fault(MemberFault member)
    {
        StartResponse(member.Path, member.IsCollection);
        Status(member.Fault.Status);
        if (member.Fault.Condition is not null)
        {
            // What a condition names is the member, or a collection that it is in.
            Xml.Raw("<D:error>"u8);
            Condition(member.Fault, path => path != member.Path || member.IsCollection);
            Xml.Raw("</D:error>"u8);
        }

        Xml.Element("responsedescription"u8, member.Fault.Reason);
        EndResponse();
    }

    /// <summary>Writes the whole <c>response</c> for a resource of which only the status is to be told.</summary>
    public void Outcome(DavPath path, bool collection, int status)
    {
        StartResponse(path, collection);
        Status(status);
        EndResponse();
    }

    /// <summary>Writes white space, which means nothing between two responses.</summary>
    public void Space() => Xml.Raw("\n"u8);

    /// <summary>Writes the element of the condition that failed, with the resources it names (RFC 4918 14.5, 16).</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="isCollection">Whether one of those resources is a collection, so that its href ends in a slash.</param>
    public void Condition(DavFault fault, Func<DavPath, bool> isCollection)
    {
        if (fault.Hrefs.Count == 0)
        {
            Xml.Empty(PropertyName.Dav(fault.Condition!));
            return;
        }

        Xml.Raw("<D:"u8);
        Xml.Raw(fault.Condition);
        Xml.Raw(">"u8);
        foreach (var href in fault.Hrefs)
        {
            Xml.Element("href"u8, urls.Href(href, isCollection(href)));
        }

        Xml.Raw("</D:"u8);
        Xml.Raw(fault.Condition);
        Xml.Raw(">"u8);
    }

    private void Status(int status)
    {
        Xml.Raw("<D:status>"u8);
        Xml.Raw(StatusLine(status));
        Xml.Raw("</D:status>"u8);
    }

    // RFC 4918 14.28: the value is a whole status line.
    private static string StatusLine(int status) => status switch
    {
        200 => "HTTP/1.1 200 OK",
        404 => "HTTP/1.1 404 Not Found",
        _ => string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}"),
    };
}
