using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Properties;

/// <summary>A property that the server computes (RFC 4918 4.2, 15).</summary>
/// <param name="Name">Its name.</param>
/// <param name="InAllProp">Whether <c>allprop</c> includes it: the ones of RFC 4918 15 (9.1), not those of later RFCs.</param>
/// <param name="AppliesTo">Whether a resource has it.</param>
/// <param name="Write">Writes its whole element.</param>
internal sealed record LiveProperty(
    PropertyName Name, bool InAllProp, Func<PropertyContext, bool> AppliesTo, Action<XmlOutput, PropertyContext> Write)
{
    /// <summary>Whether a client may store a value of its own, which then counts in place of the computed one (RFC 4918 15.2: displayname).</summary>
    public bool CanBeReplaced { get; init; }
}
