using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>The text by which a property element is kept and given back (RFC 4918 4.3).</summary>
internal static class PropertyFragment
{
    // A carriage return that was written as a character reference stays one; written plainly, it would be read as a line feed.
    private static readonly XmlWriterSettings Verbatim = new()
    {
        OmitXmlDeclaration = true,
        ConformanceLevel = ConformanceLevel.Fragment,
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>
    /// The whole element as XML that stands on its own: with every namespace declaration in scope, since prefixes may also be used
    /// in attribute values and text, and with the <c>xml:lang</c> in scope (RFC 4918 4.3). It can be put wherever the default
    /// namespace is undeclared.
    /// </summary>
    /// <param name="element">The element, still in its document.</param>
    public static string Of(XElement element)
    {
        var copy = new XElement(element);
        copy.Add(Inherited(element));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, Verbatim))
        {
            copy.WriteTo(writer);
        }

        return text.ToString();
    }

    /// <summary>About how many characters each child of the element takes over from it and the elements around it.</summary>
    public static int InheritedLength(XElement parent) =>
        InScope(parent).Sum(attribute => attribute.Name.LocalName.Length + attribute.Value.Length + 10);

    private static IEnumerable<XAttribute> Inherited(XElement element) =>
        element.Parent is null ? [] : InScope(element.Parent).Where(attribute => element.Attribute(attribute.Name) is null);

    // The nearest declaration of a prefix is the one that counts; one that is empty takes back an outer one (Namespaces in
    // XML 6.2; for xml:lang, XML 2.12).
    private static IEnumerable<XAttribute> InScope(XElement element) =>
        element.AncestorsAndSelf()
            .SelectMany(ancestor => ancestor.Attributes())
            .Where(attribute => attribute.IsNamespaceDeclaration || attribute.Name == XNamespace.Xml + "lang")
            .DistinctBy(attribute => attribute.Name)
            .Where(attribute => attribute.Value.Length > 0);
}
