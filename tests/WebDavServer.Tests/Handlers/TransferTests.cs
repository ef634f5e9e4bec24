using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>What COPY and MOVE have in common (RFC 4918 9.8, 9.9).</summary>
public sealed class TransferTests
{
    private static readonly string[] Before =
    [
        "broken->nowhere", "dir/", "dir/file=file", "dir/sub/", "dir/sub/leaf=leaf", "file=top", "link->dir", "other/", "other/old=old",
    ];

    [Theory] // RFC 4918 10.3, 8.3; the Host of the request is localhost
    [InlineData("http://localhost/new")]
    [InlineData("https://localhost/new")] // TLS ends at a proxy
    [InlineData("HTTP://LOCALHOST:80/new")]
    [InlineData("/new")]
    [InlineData("/new/")]
    [InlineData("/dir/../new")]
    [InlineData("/n%65w")]
    public async Task A_destination_is_understood_in_all_its_forms(string destination)
    {
        foreach (string method in Methods)
        {
            await using ServerFixture server = await StartAsync();

            Assert.Equal(201, await server.StatusAsync(method, "/file", [$"Destination: {destination}"]));

            Assert.Equal("top", server.Tree.Read("new"));
        }
    }

    [Theory]
    [InlineData(null, 400)]
    [InlineData("Destination:", 400)]
    [InlineData("Destination: new", 400)]
    [InlineData("Destination: //localhost/new", 400)]
    [InlineData("Destination: /new?query", 400)]
    [InlineData("Destination: /a%2Fb", 400)]
    [InlineData("Destination: /a%00", 400)]
    [InlineData("Destination: /a%ff", 400)]
    [InlineData("Destination: http://elsewhere.example/new", 502)] // RFC 4918 9.8.5
    [InlineData("Destination: http://localhost:81/new", 502)]
    [InlineData("Destination: ftp://localhost/new", 502)]
    [InlineData("Destination: /new|Overwrite: yes", 400)] // RFC 4918 10.6
    [InlineData("Destination: /new|Depth: 1", 400)] // 9.8.3, 9.9.2
    [InlineData("Destination: /new|Depth: 2", 400)]
    [InlineData("Destination: /new|If-Match: \"stale\"", 412)]
    [InlineData("Destination: /new|If: ([\"stale\"])", 412)]
    [InlineData("Destination: /missing/new", 409)] // 9.8.5
    [InlineData("Destination: /file/new", 409)]
    [InlineData("Destination: /missing/new|Overwrite: F", 409)]
    [InlineData("Destination: /other|Overwrite: F", 412)] // 10.6
    [InlineData("Destination: /broken", 403)] // a link that leads nowhere is no resource, and stays
    [InlineData("Destination: /dir", 403)] // the same resource
    [InlineData("Destination: /dir/", 403)]
    [InlineData("Destination: /other/../d%69r", 403)]
    [InlineData("Destination: /dir|Overwrite: F", 403)]
    [InlineData("Destination: /dir/sub", 403)] // into itself
    [InlineData("Destination: /dir/new", 403)]
    [InlineData("Destination: /dir/sub/new", 403)]
    [InlineData("Destination: /", 403)]
    public async Task What_is_refused_touches_nothing(string? fields, int status)
    {
        foreach (string method in Methods)
        {
            await using ServerFixture server = await StartAsync();

            Assert.Equal(status, await server.StatusAsync(method, "/dir", fields?.Split('|')));

            Assert.Equal(Before, server.Tree.List());
        }
    }

    [Theory]
    [InlineData("/dir/sub/leaf", "/dir")] // over a collection that holds it
    [InlineData("/dir/sub", "/dir")]
    [InlineData("/dir/sub/leaf", "/")]
    [InlineData("/", "/new")]
    [InlineData("/", "/dir/new")]
    [InlineData("/link/sub", "/dir")] // the same, by another name
    [InlineData("/dir/sub/leaf", "/link/sub")]
    [InlineData("/dir", "/link/new")] // into itself, by another name
    [InlineData("/dir/sub", "/link/sub/new")]
    [InlineData("/dir/file", "/link/file")] // onto itself, by another name
    [InlineData("/link/file", "/dir/file")]
    [InlineData("/dir/sub", "/link/sub")]
    public async Task Nothing_is_put_where_it_is_or_holds_or_is_held(string source, string destination)
    {
        foreach (string method in Methods)
        {
            await using ServerFixture server = await StartAsync();

            Assert.Equal(403, await server.StatusAsync(method, source, [$"Destination: {destination}"]));

            Assert.Equal(Before, server.Tree.List());
        }
    }

    [Theory]
    [InlineData("/missing", 404)]
    [InlineData("/file/member", 404)]
    [InlineData("/broken", 404)]
    public async Task What_is_not_there_goes_nowhere(string source, int status)
    {
        foreach (string method in Methods)
        {
            await using ServerFixture server = await StartAsync();

            Assert.Equal(status, await server.StatusAsync(method, source, ["Destination: /new"]));

            Assert.Equal(Before, server.Tree.List());
        }
    }

    [Theory] // RFC 4918 9.8.4, 9.9.3: what was there before is gone, and nothing is merged
    [InlineData("/file", "/new", "", 201, "new=top")]
    [InlineData("/file", "/new", "F", 201, "new=top")]
    [InlineData("/file", "/dir/file", "", 204, "dir/file=top")]
    [InlineData("/file", "/dir/file", "T", 204, "dir/file=top")]
    [InlineData("/file", "/other", "", 204, "other=top")]
    [InlineData("/file", "/other/", "", 204, "other=top")]
    [InlineData("/file/", "/new/", "", 201, "new=top")]
    [InlineData("/dir", "/new", "", 201, "new/ new/file=file new/sub/ new/sub/leaf=leaf")]
    [InlineData("/dir/", "/new/", "", 201, "new/ new/file=file new/sub/ new/sub/leaf=leaf")]
    [InlineData("/dir/", "/new", "", 201, "new/ new/file=file new/sub/ new/sub/leaf=leaf")]
    [InlineData("/dir", "/other", "", 204, "other/ other/file=file other/sub/ other/sub/leaf=leaf")]
    [InlineData("/dir", "/file", "", 204, "file/ file/file=file file/sub/ file/sub/leaf=leaf")]
    [InlineData("/dir/sub", "/other/sub", "", 201, "other/sub/ other/sub/leaf=leaf")]
    public async Task The_destination_becomes_what_the_source_was(string source, string destination, string overwrite, int status, string result)
    {
        foreach (string method in Methods)
        {
            await using ServerFixture server = await StartAsync();

            RawResponse response = await server.AskAsync(
                method, source, [$"Destination: {destination}", .. overwrite.Length > 0 ? [$"Overwrite: {overwrite}"] : Array.Empty<string>()]);

            Assert.Equal(status, response.Status);
            Assert.Empty(response.Body);
            (string from, string to) = (source.Trim('/'), destination.Trim('/'));
            string[] rest =
            [
                .. Before.Where(line => !IsAtOrBelow(line, to) && (method == "COPY" || !IsAtOrBelow(line, from))), .. result.Split(' '),
            ];
            Assert.Equal(rest.Order(StringComparer.Ordinal), server.Tree.List());
            Assert.Empty(Directory.GetFileSystemEntries(server.Tree.At(".webdav/staging")));
        }
    }

    [Fact]
    public async Task Properties_of_a_tree_arrive_with_it_in_place_of_those_that_were_there()
    {
        foreach (string method in Methods)
        {
            await using ServerFixture server = await StartAsync();
            server.Tree.AddFile("other/file", "replaced");
            await server.SetNoteAsync("/dir/", "collection");
            await server.SetNoteAsync("/dir/sub/leaf", "leaf");
            await server.SetNoteAsync("/other/file", "replaced");

            Assert.Equal(204, await server.StatusAsync(method, "/dir", ["Destination: /other"]));

            Assert.Equal("collection", await server.NoteOfAsync("/other/"));
            Assert.Equal("leaf", await server.NoteOfAsync("/other/sub/leaf"));
            Assert.Null(await server.NoteOfAsync("/other/file"));
            server.Tree.AddFile("dir/sub/leaf", "copied, or another");
            Assert.Equal(method == "COPY" ? "leaf" : null, await server.NoteOfAsync("/dir/sub/leaf"));
        }
    }

    [Fact]
    public async Task A_source_without_properties_leaves_the_destination_without_any()
    {
        foreach (string method in Methods)
        {
            await using ServerFixture server = await StartAsync();
            await server.SetNoteAsync("/dir/file", "replaced");

            Assert.Equal(204, await server.StatusAsync(method, "/file", ["Destination: /dir/file"]));

            Assert.Null(await server.NoteOfAsync("/dir/file"));
        }
    }

    [Fact]
    public async Task A_refusal_is_in_the_log_with_its_reason()
    {
        await using ServerFixture server = await StartAsync();

        await server.StatusAsync("COPY", "/file", ["Destination: http://elsewhere.example/new"]);

        Assert.Matches("^COPY /file 502 .*: Destination is on another server than localhost$", Assert.Single(await server.Log.WaitForRequestsAsync()).Text);
    }

    private static string[] Methods => ["COPY", "MOVE"];

    private static bool IsAtOrBelow(string line, string name) =>
        line.StartsWith(name + "=", StringComparison.Ordinal) || line.StartsWith(name + "/", StringComparison.Ordinal);

    private static async Task<ServerFixture> StartAsync()
    {
        TempTree tree = new();
        tree.AddFile("file", "top");
        tree.AddFile("dir/file", "file");
        tree.AddFile("dir/sub/leaf", "leaf");
        tree.AddFile("other/old", "old");
        Directory.CreateSymbolicLink(tree.At("link"), "dir");
        File.CreateSymbolicLink(tree.At("broken"), "nowhere");
        return await ServerFixture.StartAsync(tree: tree);
    }
}
