using WebDav.Protocol;

namespace WebDav.Access;

/// <summary>
/// What one user may do where. A rule holds for its path and everything below it, up to the next rule: the longest path wins. Rules
/// speak of the names in a URL; where a symbolic link leads to is another question (the store's).
/// </summary>
public sealed class UserAccess
{
    private readonly Dictionary<DavPath, AccessLevel> _rules;
    private readonly AccessLevel _highest;

    /// <summary>What a user may do.</summary>
    /// <param name="root">The collection that the user finds at the root of the URLs; nothing outside it has a URL.</param>
    /// <param name="level">What holds there and below.</param>
    /// <param name="rules">What holds from other paths on, below the served root.</param>
    public UserAccess(DavPath root, AccessLevel level, IEnumerable<KeyValuePair<DavPath, AccessLevel>> rules)
    {
        Root = root;
        _rules = new Dictionary<DavPath, AccessLevel> { [DavPath.Root] = level };
        foreach (var (path, other) in rules)
        {
            _rules[path] = other;
        }

        _highest = _rules.Values.Max();
    }

    /// <summary>Everything, everywhere.</summary>
    public static UserAccess Full { get; } = new(DavPath.Root, AccessLevel.ReadWrite, []);

    /// <summary>The collection that the user finds at the root of the URLs.</summary>
    public DavPath Root { get; }

    /// <summary>Whether there is nothing at all that the user may read.</summary>
    public bool IsNone => _highest == AccessLevel.None;

    /// <summary>Whether there is anything that the user may change.</summary>
    public bool MayWriteSomewhere => _highest == AccessLevel.ReadWrite;

    /// <summary>Whether the user may read a resource.</summary>
    public bool MayRead(DavPath path) => At(path) >= AccessLevel.ReadOnly;

    /// <summary>What holds for a resource.</summary>
    public AccessLevel At(DavPath path)
    {
        if (_rules.Count == 1)
        {
            return _highest;
        }

        for (; ; path = path.Parent)
        {
            if (_rules.TryGetValue(path, out var level))
            {
                return level;
            }
        }
    }

    /// <summary>The nearest paths below a resource from which on less holds than a level.</summary>
    public IEnumerable<DavPath> LessBelow(DavPath tree, AccessLevel needed) =>
        from rule in _rules
        where rule.Value < needed && rule.Key.IsBelow(tree) && (rule.Key.Parent == tree || At(rule.Key.Parent) >= needed)
        orderby rule.Key
        select rule.Key;

    /// <summary>The same, but nowhere more than a level.</summary>
    public UserAccess AtMost(AccessLevel level) => new(
        Root, AccessLevel.ReadWrite, _rules.Select(rule => KeyValuePair.Create(rule.Key, rule.Value < level ? rule.Value : level)));

    /// <summary>The refusal of a resource for which less holds than a level.</summary>
    internal static DavFault Forbidden(AccessLevel needed) =>
        new(403, needed == AccessLevel.ReadWrite ? "this user may not change it" : "this user may not read it");
}
