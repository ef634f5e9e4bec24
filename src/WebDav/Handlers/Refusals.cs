using WebDav.Preconditions;

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
}
