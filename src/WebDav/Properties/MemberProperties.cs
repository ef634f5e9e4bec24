using WebDav.Protocol;

namespace WebDav.Properties;

/// <summary>The dead properties along a walk: one query for each collection whose members are visited, and none for each member.</summary>
/// <param name="properties">Where they are kept.</param>
/// <param name="root">Where the walk begins.</param>
internal sealed class MemberProperties(IDeadProperties properties, DavPath root)
{
    private readonly Stack<(DavPath Collection, IReadOnlyDictionary<string, IReadOnlyList<DeadProperty>> Members)> _levels = new();

    /// <summary>The dead properties of a resource that the walk is at.</summary>
    public async ValueTask<IReadOnlyList<DeadProperty>> ReadAsync(DavPath path, CancellationToken cancellation)
    {
        if (path == root)
        {
            return await properties.ReadAsync(path, cancellation);
        }

        var parent = path.Parent;
        if (!_levels.TryPeek(out var level) || level.Collection != parent)
        {
            level = (parent, await properties.ReadMembersAsync(parent, cancellation));
            _levels.Push(level);
        }

        return level.Members.GetValueOrDefault(path.Name, []);
    }

    /// <summary>Says that the walk is past a collection.</summary>
    public void Leave(DavPath collection)
    {
        if (_levels.TryPeek(out var level) && level.Collection == collection)
        {
            _levels.Pop();
        }
    }
}
