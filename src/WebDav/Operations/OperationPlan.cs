using WebDav.Locking;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Operations;

/// <summary>An operation that was admitted: every check is done, and it has the lease on what it writes.</summary>
/// <param name="Lease">The lease, which the operation disposes when it has ended.</param>
/// <param name="Root">The tree it works on, to count what there is to do.</param>
/// <param name="Steps">The work.</param>
/// <param name="Finish">Makes the result, when all steps are done, of the failures among them.</param>
internal sealed record OperationPlan(
    WriteLease? Lease,
    Entry Root,
    Func<TreeControl, IAsyncEnumerable<TreeEvent>> Steps,
    Func<TreeOutcome, ValueTask<OperationResult>> Finish);
