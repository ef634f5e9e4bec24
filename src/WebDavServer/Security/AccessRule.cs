using WebDav.Access;
using WebDav.Protocol;

namespace WebDavServer.Security;

/// <summary>What holds from a path on (<c>Auth:Rules</c>).</summary>
/// <param name="Path">The path, below the served root.</param>
/// <param name="Users">For whom: names, <c>anonymous</c>, <c>*</c>.</param>
/// <param name="Level">What they may do there.</param>
internal sealed record AccessRule(DavPath Path, IReadOnlyList<string> Users, AccessLevel Level)
{
    /// <summary>Stands for everybody, except where another rule for the same path names the user.</summary>
    public const string Everybody = "*";

    /// <summary>Whether two rules say something of the same users and path.</summary>
    public bool Contradicts(AccessRule other) => Path == other.Path && Users.Intersect(other.Users, StringComparer.Ordinal).Any();

    /// <summary>What the rules say of a user.</summary>
    public static IEnumerable<KeyValuePair<DavPath, AccessLevel>> For(string user, IReadOnlyList<AccessRule> rules) =>
        Of(Everybody, rules).Concat(Of(user, rules));

    /// <summary>
    /// What the rules say of those who have not logged in. A rule for everybody gives them no more than they have: only one that
    /// names them does.
    /// </summary>
    public static IEnumerable<KeyValuePair<DavPath, AccessLevel>> ForAnonymous(AccessLevel most, IReadOnlyList<AccessRule> rules) =>
        Of(Everybody, rules).Select(rule => KeyValuePair.Create(rule.Key, rule.Value < most ? rule.Value : most))
            .Concat(Of(AccountsReader.AnonymousName, rules));

    private static IEnumerable<KeyValuePair<DavPath, AccessLevel>> Of(string user, IReadOnlyList<AccessRule> rules) =>
        from rule in rules
        where rule.Users.Contains(user, StringComparer.Ordinal)
        select KeyValuePair.Create(rule.Path, rule.Level);
}
