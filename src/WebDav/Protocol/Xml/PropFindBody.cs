using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>The body of PROPFIND (RFC 4918 9.1, 14.20).</summary>
internal static class PropFindBody
{
    /// <summary>What a body asks for; none asks for all.</summary>
    /// <param name="body">The body.</param>
    /// <param name="most">How many properties it may name.</param>
    /// <exception cref="DavFaultException">
    /// 400: not a <c>propfind</c>, or not with exactly one of <c>allprop</c>, <c>propname</c> and <c>prop</c>. 413: too many properties.
    /// </exception>
    public static PropFindQuery Parse(XElement? body, int most = int.MaxValue)
    {
        if (body is null)
        {
            return PropFindQuery.AllProp;
        }

        if (!body.IsDav("propfind"))
        {
            throw DavFaultException.BadRequest("the body is not a DAV:propfind");
        }

        XElement[] asked = [.. body.DavElements("allprop"), .. body.DavElements("propname"), .. body.DavElements("prop")];
        if (asked.Length != 1)
        {
            throw DavFaultException.BadRequest("propfind does not hold exactly one of allprop, propname and prop");
        }

        return asked[0].Name.LocalName switch
        {
            "prop" => new PropFindQuery(PropFindKind.Prop, NamesIn(asked, most)),
            "allprop" => new PropFindQuery(PropFindKind.AllProp, NamesIn(body.DavElements("include"), most)),
            _ => new PropFindQuery(PropFindKind.PropName, []),
        };
    }

    private static PropertyName[] NamesIn(IEnumerable<XElement> containers, int most) =>
        [.. DavXml.AtMost(most, containers.Elements()).Select(DavXml.PropertyName).Distinct()];
}
