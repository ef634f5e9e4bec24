using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>The body of PROPPATCH (RFC 4918 9.2, 14.19).</summary>
internal static class PropertyUpdateBody
{
    /// <summary>
    /// Most characters that the values to set may take over from the elements around them, all together. Each value carries its own
    /// copy of the namespace declarations in scope, so half a megabyte of them over ten thousand properties would make gigabytes.
    /// </summary>
    public const long MaximumInherited = 4 * 1024 * 1024;

    /// <summary>The instructions, in the order of the document, as they are to be carried out.</summary>
    /// <param name="body">The body.</param>
    /// <param name="most">How many instructions it may hold.</param>
    /// <exception cref="DavFaultException">
    /// 400: no body, not a <c>propertyupdate</c>, or one that says nothing. 413: too many instructions, and see <see cref="MaximumInherited"/>.
    /// </exception>
    public static IReadOnlyList<PropertyInstruction> Parse(XElement? body, int most = int.MaxValue)
    {
        if (body?.IsDav("propertyupdate") is not true)
        {
            throw DavFaultException.BadRequest("the body is not a DAV:propertyupdate");
        }

        var instructions = Instructions(body, most, "set", "remove");
        return instructions.Count > 0
            ? instructions
            : throw DavFaultException.BadRequest("propertyupdate holds no property to set or remove");
    }

    /// <summary>The instructions that stand in some elements of a body, in the order of the document.</summary>
    /// <param name="body">The body.</param>
    /// <param name="most">How many instructions there may be.</param>
    /// <param name="parts">Names of the elements: <c>set</c>, <c>remove</c>. Others are passed over (RFC 4918 17).</param>
    /// <exception cref="DavFaultException">400: an element without exactly one <c>prop</c>. 413: too many, and see <see cref="MaximumInherited"/>.</exception>
    internal static List<PropertyInstruction> Instructions(XElement body, int most, params string[] parts)
    {
        var instructions = new List<PropertyInstruction>();
        var inherited = 0L;
        foreach (var part in body.Elements().Where(element => parts.Any(element.IsDav)))
        {
            var set = part.IsDav("set");
            var prop = part.OnlyDavElement("prop");
            var before = instructions.Count;
            instructions.AddRange(DavXml.AtMost(most - before, prop.Elements()).Select(element => new PropertyInstruction(element.PropertyName(), set ? element : null)));
            inherited += set ? (long)PropertyFragment.InheritedLength(prop) * (instructions.Count - before) : 0;
            if (inherited > MaximumInherited)
            {
                throw new DavFaultException(new DavFault(413, "the namespace declarations in scope are too long for so many properties"));
            }
        }

        return instructions;
    }
}
