using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>How a tree operation ended.</summary>
/// <param name="Failures">The members that failed; none for success.</param>
/// <param name="Unlisted">How many more failed than are listed: a report does not grow without bound.</param>
internal sealed record TreeOutcome(IReadOnlyList<MemberFault> Failures, long Unlisted);
