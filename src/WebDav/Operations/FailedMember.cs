using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>A member that an operation failed on, as it is kept.</summary>
/// <param name="Path">Where it is, decoded.</param>
/// <param name="IsCollection">Whether it is a collection.</param>
/// <param name="Status">What its status is.</param>
/// <param name="Reason">Why.</param>
/// <param name="Condition">The condition element, or null.</param>
/// <param name="Hrefs">The resources that the condition names, decoded; null for none.</param>
internal sealed record FailedMember(
    string Path, bool IsCollection, int Status, string Reason, string? Condition, IReadOnlyList<string>? Hrefs)
{
    public static FailedMember Of(MemberFault member) =>
        new(member.Path.Value, member.IsCollection, member.Fault.Status, member.Fault.Reason, member.Fault.Condition, Values(member.Fault.Hrefs));

    public MemberFault ToFault() =>
        new(DavPath.FromValue(Path), IsCollection, new DavFault(Status, Reason, Condition) { Hrefs = Paths(Hrefs) });

    internal static IReadOnlyList<string>? Values(IReadOnlyList<DavPath> paths) => paths.Count == 0 ? null : [.. paths.Select(path => path.Value)];

    internal static IReadOnlyList<DavPath> Paths(IReadOnlyList<string>? values) => [.. values?.Select(DavPath.FromValue) ?? []];
}
