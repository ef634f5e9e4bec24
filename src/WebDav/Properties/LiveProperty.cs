using System.Xml.Linq;
using WebDav.Protocol;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>A property that the server computes (RFC 4918 4.2, 15).</summary>
/// <param name="Name">Its name.</param>
/// <param name="InAllProp">Whether <c>allprop</c> includes it: the ones of RFC 4918 15 (9.1), not those of later RFCs.</param>
/// <param name="AppliesTo">Whether a resource has it.</param>
/// <param name="Write">Writes its whole element.</param>
internal sealed record LiveProperty(
    PropertyName Name, bool InAllProp, Func<PropertyContext, bool> AppliesTo, Action<XmlOutput, PropertyContext> Write)
{
    /// <summary>What becomes of a value that a client sets.</summary>
    public Keeping Keeping { get; init; }

    /// <summary>
    /// What a value that a client sets, its property element, does to a collection or a file; the function gives null for a value
    /// that cannot be understood. Null where setting it does nothing to the resource.
    /// </summary>
    public Func<XElement, bool, EntryChange?>? Act { get; init; }

    /// <summary>Whether its value is computed from the room on the storage, which is measured only when it is asked for.</summary>
    public bool NeedsSpace { get; init; }

    /// <summary>Whether a client can set it.</summary>
    public bool CanBeSet => Keeping != Keeping.Never || Act is not null;
}
