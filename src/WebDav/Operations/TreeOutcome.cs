using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>How the steps of a tree operation ended.</summary>
/// <param name="Failures">The members that failed; none for success.</param>
/// <param name="Unlisted">How many more failed than are listed: a report does not grow without bound.</param>
internal sealed record TreeOutcome(IReadOnlyList<MemberFault> Failures, long Unlisted)
{
    /// <summary>The result, decided now that all is done (RFC 4918 9.6.1, 9.8.5, 9.9.4): the failures, or else success.</summary>
    public OperationResult ToResult(int success)
    {
        if (Failures.Count == 0)
        {
            return OperationResult.Success(success);
        }

        if (Unlisted == 0)
        {
            return OperationResult.PartlyFailed(Failures);
        }

        var last = Failures[^1];
        var more = last with { Fault = last.Fault with { Reason = $"{last.Fault.Reason}; {Unlisted} more failed that are not listed" } };
        return OperationResult.PartlyFailed([.. Failures.SkipLast(1), more]);
    }
}
