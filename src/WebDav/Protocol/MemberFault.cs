using System.Globalization;

namespace WebDav.Protocol;

/// <summary>One resource that stood in the way of a method on another: a <c>response</c> of a 207 (RFC 4918 13).</summary>
/// <param name="Path">The resource.</param>
/// <param name="IsCollection">Whether it is a collection, so that its href ends in a slash.</param>
/// <param name="Fault">What is wrong with it.</param>
public sealed record MemberFault(DavPath Path, bool IsCollection, DavFault Fault)
{
    /// <summary>Several, at least one, in a few words.</summary>
    public static string Summary(IReadOnlyList<MemberFault> members) => string.Create(
        CultureInfo.InvariantCulture,
        $"{members.Count} resource(s) failed, the first: {members[0].Path}: {members[0].Fault.Status} {members[0].Fault.Reason}");
}
