using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>How an operation ended.</summary>
/// <param name="Status">The status of the response: 201, 204, 200, 207, or that of the fault.</param>
/// <param name="Failures">The members that failed; none but for a 207.</param>
/// <param name="Fault">Why the whole failed; null if it did not.</param>
/// <param name="Lock">The token of the lock that a LOCK was granted; null otherwise.</param>
internal sealed record OperationResult(int Status, IReadOnlyList<MemberFault> Failures, DavFault? Fault, LockToken? Lock)
{
    /// <summary>Whether everything was done.</summary>
    public bool IsSuccess => Fault is null && Failures.Count == 0;

    public static OperationResult Success(int status, LockToken? granted = null) => new(status, [], Fault: null, granted);

    public static OperationResult Failed(DavFault fault) => new(fault.Status, [], fault, Lock: null);

    /// <summary>The end of what was stopped, or never came to an end: what the client may rely on.</summary>
    public static OperationResult Unfinished(string method, OperationState state)
    {
        var why = state switch
        {
            OperationState.Cancelled => "the operation was cancelled",
            OperationState.Interrupted => "the server stopped before the operation was done",
            _ => "the request was not answered",
        };
        return Failed(new DavFault(503, method switch
        {
            "DELETE" => $"{why}; what had been removed by then is gone",
            "COPY" => $"{why}; the destination is as it was",
            "MOVE" => $"{why}; source and destination are as they were",
            "LOCK" => $"{why}; nothing is locked",
            _ => why,
        }));
    }

    public static OperationResult PartlyFailed(IReadOnlyList<MemberFault> failures) => new(207, failures, Fault: null, Lock: null);
}
