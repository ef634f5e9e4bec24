using WebDav.Locking;
using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>How an operation ended.</summary>
/// <param name="Status">The status of the response: 201, 204, 200, 207, or that of the fault.</param>
/// <param name="Failures">The members that failed; none but for a 207.</param>
/// <param name="Fault">Why the whole failed; null if it did not.</param>
/// <param name="Lock">The lock that a LOCK was granted; null otherwise.</param>
internal sealed record OperationResult(int Status, IReadOnlyList<MemberFault> Failures, DavFault? Fault, ActiveLock? Lock)
{
    /// <summary>Whether everything was done.</summary>
    public bool IsSuccess => Fault is null && Failures.Count == 0;

    public static OperationResult Success(int status, ActiveLock? granted = null) => new(status, [], Fault: null, granted);

    public static OperationResult Failed(DavFault fault) => new(fault.Status, [], fault, Lock: null);

    public static OperationResult PartlyFailed(IReadOnlyList<MemberFault> failures) => new(207, failures, Fault: null, Lock: null);
}
