using System.Collections.ObjectModel;
using System.Data.Common;
using System.Runtime.CompilerServices;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State;

/// <summary>Keeps dead properties in the database. While there are none at all, only setting the first asks the database.</summary>
internal sealed class StoredProperties(IStateDatabase database) : IDeadProperties
{
    private const string SelectOne = "SELECT ns, local, xml FROM property WHERE " + PropertyRows.Own + " ORDER BY ns, local";

    // The root is its own parent, and the only resource without a name.
    private const string SelectMembers =
        "SELECT ns, local, xml, name FROM property "
        + "WHERE collection = (SELECT id FROM collection WHERE path = @parent) AND name > '' ORDER BY name, ns, local";

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<DeadProperty>> NoMembers =
        ReadOnlyDictionary<string, IReadOnlyList<DeadProperty>>.Empty;

    private long _queries;

    /// <summary>Whether no resource is known to have any dead property.</summary>
    public bool IsEmpty => database.HasNoProperties;

    /// <summary>How often the database was asked or told something.</summary>
    internal long Queries => Interlocked.Read(ref _queries);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadProperty>> ReadAsync(DavPath path, CancellationToken cancellation)
    {
        if (IsEmpty)
        {
            return ValueTask.FromResult<IReadOnlyList<DeadProperty>>([]);
        }

        Interlocked.Increment(ref _queries);
        return database.ReadAsync<IReadOnlyList<DeadProperty>>(path, session => SelectResource(session, path), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<DeadProperty>>> ReadMembersAsync(
        DavPath collection, CancellationToken cancellation)
    {
        if (IsEmpty)
        {
            return ValueTask.FromResult(NoMembers);
        }

        Interlocked.Increment(ref _queries);
        return database.ReadAsync<IReadOnlyDictionary<string, IReadOnlyList<DeadProperty>>>(
            collection, session => SelectAllMembers(session, collection), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(DavPath path, IReadOnlyList<PropertyChange> changes, CancellationToken cancellation) =>
        changes.Count == 0 || (IsEmpty && changes.All(change => change.Value is null))
            ? ValueTask.CompletedTask
            : WriteAsync(path, session => PropertyRows.Apply(session, path, changes), cancellation);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(DavPath path, CancellationToken cancellation)
    {
        if (IsEmpty || !await MayHaveAnyAsync(path, cancellation))
        {
            return;
        }

        Interlocked.Increment(ref _queries);
        await database.OweAsync(path, session => PropertyRows.Delete(session, path), cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DavPath> ListAsync(DavPath tree, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (DavPath? last = null; !IsEmpty;)
        {
            Interlocked.Increment(ref _queries);
            var page = await database.ReadAsync(tree, session => PropertyRows.ResourcesAfter(session, tree, last), cancellation);
            foreach (var path in page)
            {
                yield return path;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            last = page[^1];
        }
    }

    // To ask costs no commit, and what is deleted has mostly no properties: every new file is such.
    private async ValueTask<bool> MayHaveAnyAsync(DavPath tree, CancellationToken cancellation)
    {
        try
        {
            Interlocked.Increment(ref _queries);
            return database.Owes || await database.ReadAsync(tree, session => PropertyRows.HasAny(session, tree), cancellation);
        }
        catch (StoreException)
        {
            return true; // Whoever deletes them will say the same, or owe it.
        }
    }

    private static List<DeadProperty> SelectResource(StateSession session, DavPath path)
    {
        var (parent, name) = PropertyRows.Key(path);
        var found = new List<DeadProperty>();
        using var rows = session.Query(SelectOne, ("@parent", parent), ("@name", name));
        while (rows.Read())
        {
            found.Add(Read(rows));
        }

        return found;
    }

    private static Dictionary<string, IReadOnlyList<DeadProperty>> SelectAllMembers(StateSession session, DavPath collection)
    {
        var members = new Dictionary<string, IReadOnlyList<DeadProperty>>(StringComparer.Ordinal);
        var (name, found) = ("", new List<DeadProperty>());
        using var rows = session.Query(SelectMembers, ("@parent", collection.Value));
        while (rows.Read())
        {
            var member = rows.GetString(3);
            if (!string.Equals(member, name, StringComparison.Ordinal))
            {
                (name, found) = (member, []);
                members.Add(name, found);
            }

            found.Add(Read(rows));
        }

        return members;
    }

    private static DeadProperty Read(DbDataReader row) => new(new PropertyName(row.GetString(0), row.GetString(1)), row.GetString(2));

    private ValueTask WriteAsync(DavPath about, Action<StateSession> write, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _queries);
        return database.WriteAsync(about, write, cancellation);
    }
}
