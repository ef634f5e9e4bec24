using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>If</c> header (RFC 4918 10.4): it holds when one of its lists does.</summary>
/// <param name="Lists">At least one list; either all are tagged or none is.</param>
internal sealed record IfHeader(IReadOnlyList<IfList> Lists)
{
    /// <summary>Most characters that are read when nothing else is said.</summary>
    public const int MaximumLength = 16 * 1024;

    /// <summary>Most conditions, in all lists together.</summary>
    public const int MaximumConditions = 1_000;

    /// <summary>
    /// Every state token that is mentioned: by that it is submitted, whether or not its condition holds and also under <c>Not</c>
    /// (RFC 4918 10.4.1, 10.4.8).
    /// </summary>
    public IReadOnlySet<LockToken> Tokens { get; } =
        Lists.SelectMany(list => list.Conditions).Where(condition => condition.Token is not null)
            .Select(condition => condition.Token!.Value).ToHashSet();

    /// <summary>The field that submits a token, and holds if it is that of a lock on the resource.</summary>
    public static IfHeader Of(LockToken token) => new([new IfList(ResourceTag: null, [new IfCondition(Not: false, token, ETag: null)])]);

    /// <summary>Parses the field; null when it is absent. A field cut into several lines is read as one (RFC 9110 5.2).</summary>
    /// <param name="values">Lines of the field.</param>
    /// <param name="most">How many characters it may have.</param>
    /// <exception cref="DavFaultException">400: not what the grammar of RFC 4918 10.4.2 allows. 431: too long (RFC 6585 5).</exception>
    public static IfHeader? Parse(StringValues values, int most = MaximumLength)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var text = string.Join(' ', values.ToArray());
        return text.Length <= most
            ? new IfHeader(new IfHeaderParser(text).Parse())
            : throw new DavFaultException(new DavFault(431, $"If is longer than {most} characters (Limits:IfHeaderLength)"));
    }
}
