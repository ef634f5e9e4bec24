using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>One resource that a request in progress has for itself.</summary>
internal readonly record struct LeaseClaim(DavPath Path, LeaseKind Kind)
{
    /// <summary>Whether two requests with these claims must follow one another.</summary>
    public bool ConflictsWith(LeaseClaim other) => (Kind, other.Kind) switch
    {
        (LeaseKind.Tree, LeaseKind.Tree or LeaseKind.Source) => Path.IsAtOrBelow(other.Path) || other.Path.IsAtOrBelow(Path),
        (LeaseKind.Tree, _) => other.Path.IsAtOrBelow(Path),
        (_, LeaseKind.Tree) => other.ConflictsWith(this),
        (LeaseKind.Source, _) or (_, LeaseKind.Source) or (LeaseKind.Members, LeaseKind.Members) => false,
        _ => Path == other.Path,
    };
}
