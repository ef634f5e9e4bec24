using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Storage;

namespace WebDav.Preconditions;

/// <summary>If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since, in the order of RFC 9110 13.2.2.</summary>
internal static class ConditionalEvaluation
{
    /// <summary>What the conditions make of a request.</summary>
    internal enum Verdict
    {
        Proceed,
        NotModified,
        Failed,
    }

    /// <summary>Evaluates the conditions against a resource, or against its absence.</summary>
    public static Verdict Evaluate(ConditionalHeaders conditions, Entry? target, bool reads)
    {
        if (conditions.IfMatch is { } match)
        {
            if (!Matches(match, target, strong: true))
            {
                return Verdict.Failed;
            }
        }
        else if (conditions.IfUnmodifiedSince is { } unmodifiedSince && target is { IsCollection: false } && WholeSeconds(target.Modified) > unmodifiedSince)
        {
            return Verdict.Failed;
        }

        if (conditions.IfNoneMatch is { } noneMatch)
        {
            return !Matches(noneMatch, target, strong: false) ? Verdict.Proceed
                : reads ? Verdict.NotModified
                : Verdict.Failed;
        }

        return reads
            && conditions.IfModifiedSince is { } modifiedSince
            && target is { IsCollection: false }
            && WholeSeconds(target.Modified) <= modifiedSince
            ? Verdict.NotModified
            : Verdict.Proceed;
    }

    // "*" asks for any current representation (RFC 9110 13.1.1); a collection is there, but has no entity tag to compare.
    private static bool Matches(EntityTagList list, Entry? target, bool strong) =>
        target is not null && (list.Any || (!target.IsCollection && list.Matches(target.ETag, strong)));

    // HTTP dates have whole seconds; the file system has more.
    private static DateTimeOffset WholeSeconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerSecond));
}
