using WebDav.Properties;
using WebDav.Protocol;
using WebDav.State;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State.Shared;

/// <summary>The statements are those of SQLite; PostgreSQL understands them the same way. Every resource has its first path as a property.</summary>
public sealed class SharedPropertiesTests(PostgresFixture postgres)
{
    private static readonly string[] Resources = ["", "/a", "/a-b/x", "/a/b", "/a/b/c", "/a/%", "/a/😀/x", "/a0", "/b", "/b/old"];

    [Fact]
    public async Task A_tree_is_moved_copied_listed_and_deleted()
    {
        await using SharedBench bench = SharedBench.Make(await postgres.NewDatabaseAsync());
        StoredProperties properties = new(bench.Database);
        foreach (string path in Resources)
        {
            await properties.ApplyAsync(At(path), [Set("from", path)], Cancellation);
        }

        await bench.Database.WriteAsync(DavPath.Root, session => PropertyRows.Move(session, At("/a"), At("/b")), Cancellation);
        await HasAsync(properties, ["/a-b/x", "/a0", "/b</a", "/b/%</a/%", "/b/b</a/b", "/b/b/c</a/b/c", "/b/😀/x</a/😀/x"]);

        await bench.Database.WriteAsync(DavPath.Root, session => PropertyRows.Copy(session, At("/b/b"), At("/c"), tree: true), Cancellation);
        await bench.Database.WriteAsync(DavPath.Root, session => PropertyRows.Copy(session, At("/b"), At("/b/b"), tree: false), Cancellation);
        await HasAsync(properties, ["/a-b/x", "/a0", "/b</a", "/b/%</a/%", "/b/b</a", "/b/😀/x</a/😀/x", "/c</a/b", "/c/c</a/b/c"]);

        await properties.DeleteAsync(At("/b"), Cancellation);
        await properties.ApplyAsync(At("/c"), [new PropertyChange(Set("from", "").Name, null)], Cancellation);
        await HasAsync(properties, ["/a-b/x", "/a0", "/c/c</a/b/c"]);

        IReadOnlyDictionary<string, IReadOnlyList<DeadProperty>> members = await properties.ReadMembersAsync(At("/c"), Cancellation);
        Assert.Equal("c", Assert.Single(members).Key);
        Assert.Equal([Property("from", "")], await properties.ReadAsync(DavPath.Root, Cancellation));
    }

    [Fact]
    public async Task Properties_that_were_kept_by_path_are_kept_on()
    {
        string connection = await postgres.NewDatabaseAsync();
        await SharedBench.Make(connection).DisposeAsync();
        await PostgresCluster.ExecuteAsync(
            connection,
            """
            DROP TABLE property, collection;
            CREATE TABLE property (
                parent TEXT COLLATE "C", name TEXT COLLATE "C", ns TEXT COLLATE "C", local TEXT COLLATE "C", xml TEXT,
                PRIMARY KEY (parent, name, ns, local));
            INSERT INTO property SELECT '/a', 'b', 'n', 'p' || n, '<p/>' FROM generate_series(1, 3) AS n;
            INSERT INTO property VALUES ('', '', 'n', 'p', '<p/>'), ('', 'a', 'n', 'p', '<p/>');
            UPDATE webdav_schema SET version = 1, needs = 1
            """);

        await using SharedBench bench = SharedBench.Make(connection);
        StoredProperties properties = new(bench.Database);

        Assert.Equal(3, (await properties.ReadAsync(At("/a/b"), Cancellation)).Count);
        Assert.Single(await properties.ReadAsync(At("/a"), Cancellation));
        Assert.Single(await properties.ReadAsync(DavPath.Root, Cancellation));
        Assert.Equal(2, await PostgresCluster.ScalarAsync<int>(connection, "SELECT needs FROM webdav_schema"));
    }

    // Each is told as PATH, or PATH<FIRST where it has another path than at first.
    private static async Task HasAsync(StoredProperties properties, string[] expected)
    {
        List<string> found = [];
        await foreach (DavPath path in properties.ListAsync(DavPath.Root, Cancellation))
        {
            string xml = Assert.Single(await properties.ReadAsync(path, Cancellation)).Xml;
            string first = Resources.Single(resource => Property("from", resource).Xml == xml);
            found.Add(first == path.Value ? first : $"{path.Value}<{first}");
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }
}
