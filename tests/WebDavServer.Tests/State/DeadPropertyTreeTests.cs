using WebDav.Protocol;
using WebDav.State;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State;

/// <summary>Every resource has one property whose text is the path it was set on: so it can be told what came from where.</summary>
public sealed class DeadPropertyTreeTests : IAsyncLifetime
{
    private static readonly string[] Source = ["/a", "/a/b", "/a/b/c", "/a/0", "/a/%", "/a/😀", "/a/😀/x"];

    /// <summary>Neighbours whose names begin alike, or sort close to the ends of a tree's range.</summary>
    private static readonly string[] Outside = ["", "/A", "/A/b", "/a-b", "/a.b", "/a0", "/a0/x", "/ab", "/ab/b", "/b", "/b/a", "/b/a/b", "/😀"];

    private readonly StateDirectory _directory = new();
    private StateDatabase _database = null!;
    private StoredProperties _properties = null!;

    public async ValueTask InitializeAsync()
    {
        _database = _directory.Open();
        _properties = new StoredProperties(_database);
        await SetAsync([.. Source, .. Outside]);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Deleting_a_tree_touches_nothing_outside()
    {
        await _properties.DeleteAsync(At("/a"), Cancellation);

        await HasAsync([.. Outside.Select(path => (path, path))]);
    }

    [Fact]
    public async Task Deleting_the_root_leaves_nothing()
    {
        await _properties.DeleteAsync(DavPath.Root, Cancellation);

        await HasAsync([]);
        Assert.True(_properties.IsEmpty);
    }

    [Theory]
    [InlineData("/new")]
    [InlineData("/b/new")]
    [InlineData("/a1")]
    [InlineData("/😀/n")]
    public async Task A_tree_moves_whole_and_nothing_else_does(string destination)
    {
        await MoveAsync(_database, At("/a"), At(destination));

        await HasAsync([.. Untouched(), .. Source.Select(path => (destination + path[2..], path))]);
    }

    [Fact]
    public async Task A_tree_below_non_ascii_names_keeps_its_names()
    {
        await SetAsync(["/😀/é", "/😀/é/日本"]);

        await MoveAsync(_database, At("/😀"), At("/plain"));

        await HasAsync(
        [
            .. Untouched().Where(row => row.At != "/😀"), .. Source.Select(path => (path, path)),
            ("/plain", "/😀"), ("/plain/é", "/😀/é"), ("/plain/é/日本", "/😀/é/日本"),
        ]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_comes_to_a_destination_takes_the_place_of_all_it_had(bool move)
    {
        await SetAsync(["/b/old", "/b/b", "/b/b/old"]);
        var source = Source.Select(path => ("/b" + path[2..], path));

        await (move
            ? MoveAsync(_database, At("/a"), At("/b"))
            : CopyAsync(_database, At("/a"), At("/b")));

        var left = Untouched().Where(row => row.At != "/b" && !row.At.StartsWith("/b/", StringComparison.Ordinal));
        await HasAsync([.. left, .. source, .. move ? [] : Source.Select(path => (path, path))]);
    }

    [Fact]
    public async Task A_tree_is_copied_whole()
    {
        await CopyAsync(_database, At("/a"), At("/b/new"));

        await HasAsync([.. Untouched(), .. Source.Select(path => (path, path)), .. Source.Select(path => ("/b/new" + path[2..], path))]);
    }

    [Fact]
    public async Task A_copy_without_members_replaces_the_whole_tree_at_its_destination()
    {
        await CopyAsync(_database, At("/a"), At("/b"), tree: false);

        var left = Untouched().Where(row => row.At != "/b" && !row.At.StartsWith("/b/", StringComparison.Ordinal));
        await HasAsync([.. left, .. Source.Select(path => (path, path)), ("/b", "/a")]);
    }

    [Fact]
    public async Task A_copy_without_members_may_go_below_its_source()
    {
        await CopyAsync(_database, At("/a"), At("/a/b"), tree: false);

        await HasAsync(
        [
            .. Untouched(), ("/a/b", "/a"),
            .. Source.Where(path => !path.StartsWith("/a/b", StringComparison.Ordinal)).Select(path => (path, path)),
        ]);
    }

    [Theory]
    [InlineData("/a", "/a")]
    [InlineData("/a", "/a/b")]
    [InlineData("/a", "/a/new/deep")]
    [InlineData("/a/b", "/a")]
    [InlineData("/a", "")]
    [InlineData("", "/a")]
    public async Task Trees_that_hold_one_another_are_refused_and_stay(string source, string destination)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await MoveAsync(_database, At(source), At(destination)));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await CopyAsync(_database, At(source), At(destination)));

        await HasAsync([.. Untouched(), .. Source.Select(path => (path, path))]);
    }

    [Fact]
    public async Task A_tree_is_listed_page_by_page_and_nothing_else_is()
    {
        var many = Enumerable.Range(0, 1300).Select(n => $"/a/many/{n:0000}").ToArray();
        await _database.WriteAsync(
            DavPath.Root, session => Array.ForEach(many, path => PropertyRows.Apply(session, At(path), [Set("from", path)])), Cancellation);

        var listed = await _properties.ListAsync(At("/a"), Cancellation).Select(path => path.Value).ToListAsync(Cancellation);

        Assert.Equal([.. Source.Concat(many).Order(StringComparer.Ordinal)], listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task All_but_the_root_is_listed()
    {
        var listed = await _properties.ListAsync(DavPath.Root, Cancellation).Select(path => path.Value).ToListAsync(Cancellation);

        Assert.Equal(
            Source.Concat(Outside).Where(path => path.Length > 0).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task To_move_a_tree_changes_its_collections_and_not_each_property()
    {
        await _database.WriteAsync(
            DavPath.Root,
            session =>
            {
                for (var n = 0; n < 1000; n++)
                {
                    PropertyRows.Apply(session, At($"/a/{n}"), [Set("from", "")]);
                }
            },
            Cancellation);

        var changed = await _database.WriteAsync(
            DavPath.Root,
            session =>
            {
                var before = StateSchema.Scalar(session.Connection, "SELECT total_changes()");
                PropertyRows.Move(session, At("/a"), At("/moved"));
                return (long)StateSchema.Scalar(session.Connection, "SELECT total_changes()")! - (long)before!;
            },
            Cancellation);

        Assert.InRange(changed, 4, 5); // /a's own; /a, /a/b, /a/😀; the collection it comes to, even if it is there
    }

    [Theory]
    [InlineData("SELECT xml FROM property WHERE " + PropertyRows.Own)]
    [InlineData("SELECT xml FROM property WHERE " + PropertyRows.Members)]
    [InlineData(PropertyRows.SelectMembers)]
    public async Task Trees_are_found_by_the_index_and_read_in_its_order(string query)
    {
        var plan = await _database.ReadAsync(
            DavPath.Root,
            session =>
            {
                using var rows = session.Query(
                    "EXPLAIN QUERY PLAN " + query,
                    ("@parent", ""), ("@name", "a"), ("@path", "/a"), ("@lastParent", "/a"), ("@lastName", "x"), ("@page", 10));
                var steps = new List<string>();
                while (rows.Read())
                {
                    steps.Add(rows.GetString(3));
                }

                return steps;
            },
            Cancellation);

        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("B-TREE", StringComparison.Ordinal));
        Assert.Contains(plan, step => step.StartsWith("SEARCH", StringComparison.Ordinal));
    }

    private static IEnumerable<(string At, string From)> Untouched() => Outside.Select(path => (path, path));

    private async Task SetAsync(string[] paths)
    {
        foreach (var path in paths)
        {
            await _properties.ApplyAsync(At(path), [Set("from", path)], Cancellation);
        }
    }

    private async Task HasAsync((string At, string From)[] expected)
    {
        var actual = await _database.ReadAsync(
            DavPath.Root,
            session =>
            {
                using var rows = session.Query("SELECT path, name, xml FROM property JOIN collection ON collection = id");
                var found = new List<(string, string)>();
                while (rows.Read())
                {
                    var at = rows.GetString(1).Length == 0 ? "" : $"{rows.GetString(0)}/{rows.GetString(1)}";
                    found.Add((at, rows.GetString(2)));
                }

                return found;
            },
            Cancellation);

        Assert.Equal(expected.Select(row => (row.At, Property("from", row.From).Xml)).Order(), actual.Order());
        Assert.Equal(expected.Length, _database.PropertyRows);
    }
}
