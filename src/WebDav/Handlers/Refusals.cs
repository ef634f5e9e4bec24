using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>How what the gate says becomes a result.</summary>
internal static class Refusals
{
    /// <summary>The result for a request that was not admitted.</summary>
    public static DavResult ToResult(this Admission admission) => admission switch
    {
        { NotModified: true } => new DavResult.NotModified(admission.Target!),
        { Fault: { } fault } => fault,
        _ => new DavResult.Failures(admission.Members),
    };

    /// <summary>The status of a tree operation, decided when it has ended (RFC 4918 9.6.1, 9.8.5, 9.9.4).</summary>
    public static DavResult ToResult(this TreeOutcome outcome, int success)
    {
        if (outcome.Failures.Count == 0)
        {
            return new DavResult.Done(success);
        }

        if (outcome.Unlisted == 0)
        {
            return new DavResult.Failures(outcome.Failures);
        }

        var last = outcome.Failures[^1];
        var more = last with { Fault = last.Fault with { Reason = $"{last.Fault.Reason}; {outcome.Unlisted} more failed that are not listed" } };
        return new DavResult.Failures([.. outcome.Failures.SkipLast(1), more]);
    }
}
