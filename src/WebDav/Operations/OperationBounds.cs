using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>How many operations may be at work at once (section <c>Limits</c> of the settings). All who have no name are one user.</summary>
public sealed record OperationBounds
{
    // How long what is at work may take is not known; a client that asks again so soon costs little.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>Of all users. <c>Limits:Operations</c></summary>
    public int All { get; init; } = 1000;

    /// <summary>Of one user. <c>Limits:OperationsPerUser</c></summary>
    public int PerUser { get; init; } = 250;

    /// <summary>PROPFINDs with Depth infinity, of one user. <c>Limits:DeepPropFindsPerUser</c></summary>
    public int DeepPropFindsPerUser { get; init; } = 8;

    /// <summary>Why one more operation cannot begin; null if it can.</summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="atWork">Those that are at work or being admitted.</param>
    internal DavFault? Refuse(string? user, IEnumerable<OperationKey> atWork)
    {
        var (all, own) = (0, 0);
        foreach (var key in atWork)
        {
            all++;
            own += string.Equals(key.User, user, StringComparison.Ordinal) ? 1 : 0;
        }

        return own >= PerUser ? TooMany(429, "this user has as many operations at work as one may have", PerUser, "OperationsPerUser")
            : all >= All ? TooMany(503, "as many operations are at work as may be", All, "Operations")
            : null;
    }

    /// <summary>Why one more deep PROPFIND cannot begin; null if it can.</summary>
    /// <param name="own">How many of the same user are at work.</param>
    internal DavFault? RefuseDeepPropFind(int own) => own >= DeepPropFindsPerUser
        ? TooMany(429, "this user has as many deep PROPFINDs at work as one may have", DeepPropFindsPerUser, "DeepPropFindsPerUser")
        : null;

    private static DavFault TooMany(int status, string reason, int most, string key) =>
        new(status, $"{reason}, {most} (Limits:{key})") { RetryAfter = Soon };
}
