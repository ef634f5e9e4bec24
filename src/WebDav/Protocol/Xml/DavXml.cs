using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>Names of elements, between XML's own type for them and the server's.</summary>
internal static class DavXml
{
    private static readonly XNamespace Dav = DavNames.Namespace;

    /// <summary>Whether the element has a name of the <c>DAV:</c> namespace.</summary>
    public static bool IsDav(this XElement element, string local) => element.Name == Dav + local;

    /// <summary>The children that have a name of the <c>DAV:</c> namespace. Others are passed over (RFC 4918 17).</summary>
    public static IEnumerable<XElement> DavElements(this XElement element, string local) => element.Elements(Dav + local);

    /// <summary>The only child that has a name of the <c>DAV:</c> namespace.</summary>
    /// <exception cref="DavFaultException">400: there is none, or more than one.</exception>
    public static XElement OnlyDavElement(this XElement element, string local)
    {
        var found = element.DavElements(local).Take(2).ToArray();
        return found.Length == 1
            ? found[0]
            : throw DavFaultException.BadRequest($"{element.Name.LocalName} does not hold exactly one {local}");
    }

    /// <summary>The elements, each of which names a property.</summary>
    /// <exception cref="DavFaultException">413: they are more than so many.</exception>
    public static IEnumerable<XElement> AtMost(int most, IEnumerable<XElement> properties)
    {
        foreach (var property in properties)
        {
            yield return most-- > 0
                ? property
                : throw new DavFaultException(new DavFault(413, "the body names more properties than one may (Limits:PropertiesPerRequest)"));
        }
    }

    /// <summary>The name of the property that the element stands for (RFC 4918 4.4).</summary>
    public static PropertyName PropertyName(this XElement element) => new(element.Name.NamespaceName, element.Name.LocalName);
}
