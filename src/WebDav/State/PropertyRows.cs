using WebDav.Properties;
using WebDav.Protocol;

namespace WebDav.State;

/// <summary>
/// What is done to the tables <c>collection</c> and <c>property</c>, within the unit of work of whoever needs it. A property is kept
/// with its resource's collection and name: a tree is one row of the collection it is in, and the collections at and below its path.
/// To move it is to give those another path, however many properties there are.
/// </summary>
internal static class PropertyRows
{
    /// <summary>
    /// The collections at and below a path. '0' is the character after '/', so the range holds what begins with the path and a
    /// slash, and neither /a-b nor /a0 when /a is meant.
    /// </summary>
    internal const string Collections = "path = @path OR (path >= @path || '/' AND path < @path || '0')";

    /// <summary>The properties of a tree's root.</summary>
    internal const string Own = "collection = (SELECT id FROM collection WHERE path = @parent) AND name = @name";

    /// <summary>The properties of all that is below it.</summary>
    internal const string Members = "collection IN (SELECT id FROM collection WHERE " + Collections + ")";

    /// <summary>
    /// A page of what is below a tree's root, in order, and read in order: what lies between the path and the range of what
    /// begins with it and a slash is left out one by one.
    /// </summary>
    internal const string SelectMembers =
        "SELECT DISTINCT c.path, p.name FROM collection c JOIN property p ON p.collection = c.id "
        + "WHERE c.path >= @path AND c.path < @path || '0' AND (c.path = @path OR c.path >= @path || '/') "
        + "AND c.path >= @lastParent AND p.name > CASE WHEN c.path = @lastParent THEN @lastName ELSE '' END "
        + "ORDER BY c.path, p.name LIMIT @page";

    /// <summary>Resources per query: memory is bounded, however many there are.</summary>
    private const int Page = 500;

    private const string SelectOwn = "SELECT 1 FROM property WHERE " + Own + " LIMIT 1";

    private const string SelectAny =
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM property WHERE " + Own + ") OR EXISTS (SELECT 1 FROM collection WHERE " + Collections + ")";

    private const string DeleteValue = "DELETE FROM property WHERE " + Own + " AND ns = @ns AND local = @local";

    private const string InsertValue =
        "INSERT INTO property (collection, name, ns, local, xml) "
        + "SELECT id, @name, @ns, @local, @xml FROM collection WHERE path = @parent";

    // Where there are several servers, none of them removes the row until this one has used it.
    private const string UnlessThere = " ON CONFLICT (path) DO UPDATE SET path = excluded.path";

    private const string InsertCollection = "INSERT INTO collection (path) VALUES (@path)" + UnlessThere;

    private const string DeleteOwn = "DELETE FROM property WHERE " + Own;

    private const string DeleteTree = DeleteOwn + "; DELETE FROM property WHERE " + Members;

    private const string DeleteCollections = "DELETE FROM collection WHERE " + Collections;

    private const string DeleteEmpty = "DELETE FROM collection WHERE NOT EXISTS (SELECT 1 FROM property WHERE collection = id)";

    /// <summary>A collection's path after its tree has become another one.</summary>
    private const string NewPath = "@newPath || substr(path, length(@path) + 1)";

    private const string MakeRoom =
        "INSERT INTO collection (path) SELECT @newParent WHERE EXISTS (SELECT 1 FROM property WHERE " + Own + ")" + UnlessThere;

    private const string MoveTree =
        MakeRoom
        + "; UPDATE property SET collection = (SELECT id FROM collection WHERE path = @newParent), name = @newName WHERE " + Own
        + "; UPDATE collection SET path = " + NewPath + " WHERE " + Collections;

    private const string MakeRoomForTree = MakeRoom + "; INSERT INTO collection (path) SELECT " + NewPath + " FROM collection WHERE " + Collections;

    private const string CopyOwn =
        "INSERT INTO property (collection, name, ns, local, xml) "
        + "SELECT (SELECT id FROM collection WHERE path = @newParent), @newName, ns, local, xml FROM property WHERE " + Own;

    private const string CopyTree =
        CopyOwn
        + "; INSERT INTO property (collection, name, ns, local, xml) "
        + "SELECT made.id, property.name, ns, local, xml "
        + "FROM (SELECT id, " + NewPath + " AS copied FROM collection WHERE " + Collections + ") AS old "
        + "JOIN collection AS made ON made.path = old.copied JOIN property ON property.collection = old.id";

    public static void Apply(StateSession session, DavPath path, IReadOnlyList<PropertyChange> changes)
    {
        var (parent, name) = Key(path);
        foreach (var (property, value) in changes)
        {
            session.PropertyRows -= session.Execute(
                DeleteValue, ("@parent", parent), ("@name", name), ("@ns", property.Namespace), ("@local", property.Local));
            if (value is not null)
            {
                session.PropertyRows += Insert(session, parent, name, property, value);
            }
        }
    }

    public static void Delete(StateSession session, DavPath path)
    {
        var (parent, name) = Key(path);
        session.PropertyRows -= session.Execute(DeleteTree, ("@parent", parent), ("@name", name), ("@path", path.Value));
        session.Execute(DeleteCollections, ("@path", path.Value));
    }

    /// <summary>Whether a tree may have any properties.</summary>
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
        var removed = session.Execute(DeleteOwn, ("@parent", parent), ("@name", name));
        session.PropertyRows -= removed;
        return removed;
    }

    /// <summary>Forgets the collections without a member that has properties.</summary>
    public static void DeleteEmptyCollections(StateSession session) => session.Execute(DeleteEmpty);

    public static void Move(StateSession session, DavPath source, DavPath destination)
    {
        Delete(session, destination);
        session.Execute(MoveTree, Both(source, destination));
    }

    public static void Copy(StateSession session, DavPath source, DavPath destination, bool tree)
    {
        Delete(session, destination);
        session.Execute(tree ? MakeRoomForTree : MakeRoom, Both(source, destination));
        session.PropertyRows += session.Execute(tree ? CopyTree : CopyOwn, Both(source, destination));
    }

    /// <summary>A page of the resources of a tree that have properties, in order; the root of everything is left out.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="last">The resource that the page before ended with; null for the first page.</param>
    public static List<DavPath> ResourcesAfter(StateSession session, DavPath tree, DavPath? last)
    {
        var page = new List<DavPath>(Page);
        if (last is null && !tree.IsRoot && HasOwn(session, tree))
        {
            page.Add(tree);
        }

        var (lastParent, lastName) = last is { } path ? Key(path) : ("", "");
        using var rows = session.Query(
            SelectMembers, ("@path", tree.Value), ("@lastParent", lastParent), ("@lastName", lastName), ("@page", Page - page.Count));
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

    private static int Insert(StateSession session, string parent, string name, PropertyName property, DeadProperty value)
    {
        if (Execute() is > 0 and var inserted)
        {
            return inserted;
        }

        session.Execute(InsertCollection, ("@path", parent));
        return Execute();

        int Execute() => session.Execute(
            InsertValue,
            ("@name", name), ("@ns", property.Namespace), ("@local", property.Local), ("@xml", value.Xml), ("@parent", parent));
    }

    private static bool HasOwn(StateSession session, DavPath path)
    {
        var (parent, name) = Key(path);
        using var row = session.Query(SelectOwn, ("@parent", parent), ("@name", name));
        return row.Read();
    }

    private static (string, object?)[] Both(DavPath source, DavPath destination)
    {
        var (parent, name) = Key(source);
        var (newParent, newName) = Key(destination);
        return
        [
            ("@parent", parent), ("@name", name), ("@path", source.Value),
            ("@newParent", newParent), ("@newName", newName), ("@newPath", destination.Value),
        ];
    }
}
