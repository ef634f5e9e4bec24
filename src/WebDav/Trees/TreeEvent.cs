using WebDav.Protocol;

namespace WebDav.Trees;

/// <summary>One step of a tree operation.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The resource it happened to.</param>
/// <param name="Bytes">Bytes copied in this step.</param>
/// <param name="Failure">What failed, and how; null but for <see cref="TreeEventKind.Failed"/>.</param>
internal readonly record struct TreeEvent(TreeEventKind Kind, DavPath Path, long Bytes, MemberFault? Failure)
{
    public static TreeEvent Copied(DavPath path, long bytes) => new(TreeEventKind.Bytes, path, bytes, Failure: null);

    public static TreeEvent Done(DavPath path) => new(TreeEventKind.Done, path, Bytes: 0, Failure: null);

    public static TreeEvent Failed(DavPath path, bool collection, DavFault fault) =>
        new(TreeEventKind.Failed, path, Bytes: 0, new MemberFault(path, collection, fault));
}
