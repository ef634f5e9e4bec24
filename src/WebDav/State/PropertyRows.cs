using WebDav.Properties;
using WebDav.Protocol;

namespace WebDav.State;

/// <summary>What is done to the table <c>property</c>, within the unit of work of whoever needs it.</summary>
internal static class PropertyRows
{
    /// <summary>
    /// A tree: the resource itself, its members, and all below those. '0' is the character after '/', so the range holds what
    /// begins with the path and a slash, and neither /a-b nor /a0 when /a is meant.
    /// </summary>
    internal const string Tree =
        "(parent = @parent AND name = @name) OR parent = @path OR (parent >= @path || '/' AND parent < @path || '0')";

    /// <summary>Resources per query: memory is bounded, however many there are.</summary>
    private const int Page = 500;

    private const string SelectResources =
        "SELECT DISTINCT parent, name FROM property WHERE (" + Tree + ") AND (parent, name) > (@lastParent, @lastName) "
        + "ORDER BY parent, name LIMIT @page";

    private const string SelectAny = "SELECT 1 FROM property WHERE " + Tree + " LIMIT 1";

    private const string DeleteValue =
        "DELETE FROM property WHERE parent = @parent AND name = @name AND ns = @ns AND local = @local";

    private const string InsertValue =
        "INSERT INTO property (parent, name, ns, local, xml) VALUES (@parent, @name, @ns, @local, @xml)";

    private const string DeleteTree = "DELETE FROM property WHERE " + Tree;

    private const string DeleteResource = "DELETE FROM property WHERE parent = @parent AND name = @name";

    private const string NewParent =
        "CASE WHEN parent = @parent AND name = @name THEN @newParent ELSE @newPath || substr(parent, length(@path) + 1) END";

    private const string NewName = "CASE WHEN parent = @parent AND name = @name THEN @newName ELSE name END";

    private const string MoveTree = "UPDATE property SET parent = " + NewParent + ", name = " + NewName + " WHERE " + Tree;

    private const string CopyTree =
        "INSERT INTO property (parent, name, ns, local, xml) "
        + "SELECT " + NewParent + ", " + NewName + ", ns, local, xml FROM property WHERE " + Tree;

    private const string CopyResource =
        "INSERT INTO property (parent, name, ns, local, xml) "
        + "SELECT @newParent, @newName, ns, local, xml FROM property WHERE parent = @parent AND name = @name";

    public static void Apply(StateSession session, DavPath path, IReadOnlyList<PropertyChange> changes)
    {
        var (parent, name) = Key(path);
        foreach (var (property, value) in changes)
        {
            session.PropertyRows -= session.Execute(
                DeleteValue, ("@parent", parent), ("@name", name), ("@ns", property.Namespace), ("@local", property.Local));
            if (value is not null)
            {
                session.PropertyRows += session.Execute(
                    InsertValue,
                    ("@parent", parent), ("@name", name), ("@ns", property.Namespace), ("@local", property.Local), ("@xml", value.Xml));
            }
        }
    }

    public static void Delete(StateSession session, DavPath path)
    {
        var (parent, name) = Key(path);
        session.PropertyRows -= session.Execute(DeleteTree, ("@parent", parent), ("@name", name), ("@path", path.Value));
    }

    /// <summary>Whether a tree has any properties.</summary>
    public static bool HasAny(StateSession session, DavPath tree)
    {
        var (parent, name) = Key(tree);
        using var row = session.Query(SelectAny, ("@parent", parent), ("@name", name), ("@path", tree.Value));
        return row.Read();
    }

    /// <summary>Forgets the properties of one resource and not of its members.</summary>
    /// <returns>How many it had.</returns>
    public static int DeleteOne(StateSession session, DavPath path)
    {
        var (parent, name) = Key(path);
        var removed = session.Execute(DeleteResource, ("@parent", parent), ("@name", name));
        session.PropertyRows -= removed;
        return removed;
    }

    public static void Move(StateSession session, DavPath source, DavPath destination)
    {
        Delete(session, destination);
        var (parent, name) = Key(source);
        var (newParent, newName) = Key(destination);
        session.Execute(
            MoveTree,
            ("@parent", parent), ("@name", name), ("@path", source.Value),
            ("@newParent", newParent), ("@newName", newName), ("@newPath", destination.Value));
    }

    public static void Copy(StateSession session, DavPath source, DavPath destination, bool tree)
    {
        Delete(session, destination);
        var (parent, name) = Key(source);
        var (newParent, newName) = Key(destination);
        session.PropertyRows += tree
            ? session.Execute(
                CopyTree,
                ("@parent", parent), ("@name", name), ("@path", source.Value),
                ("@newParent", newParent), ("@newName", newName), ("@newPath", destination.Value))
            : session.Execute(
                CopyResource, ("@parent", parent), ("@name", name), ("@newParent", newParent), ("@newName", newName));
    }

    /// <summary>A page of the resources of a tree that have properties, in order.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="last">The resource that the page before ended with; null for the first page.</param>
    public static List<DavPath> ResourcesAfter(StateSession session, DavPath tree, DavPath? last)
    {
        var (parent, name) = Key(tree);
        var (lastParent, lastName) = last is { } path ? Key(path) : ("", "");
        var page = new List<DavPath>(Page);
        using var rows = session.Query(
            SelectResources,
            ("@parent", parent), ("@name", name), ("@path", tree.Value), ("@lastParent", lastParent), ("@lastName", lastName), ("@page", Page));
        while (rows.Read())
        {
            page.Add(DavPath.FromValue($"{rows.GetString(0)}/{rows.GetString(1)}"));
        }

        return page;
    }

    /// <summary>Refuses a copy or move that would have to keep what it removes first, or never come to its end.</summary>
    /// <exception cref="ArgumentException">One of the two trees holds the other.</exception>
    public static void RequireApart(DavPath source, DavPath destination, bool tree = true)
    {
        if (source.IsAtOrBelow(destination) || (tree && destination.IsBelow(source)))
        {
            throw new ArgumentException($"'{source}' and '{destination}' are not apart", nameof(destination));
        }
    }

    /// <summary>A resource's collection and name; the root's are both empty.</summary>
    public static (string Parent, string Name) Key(DavPath path) => (path.Parent.Value, path.Name);
}
