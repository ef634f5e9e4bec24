using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class DeleteTests
{
    [Theory]
    [InlineData("/file")]
    [InlineData("/empty")]
    [InlineData("/empty/")]
    [InlineData("/tree")]
    [InlineData("/tree/")]
    public async Task A_resource_goes_with_all_that_is_below_it(string target)
    {
        await using ServerFixture server = await StartAsync();
        string name = target.Trim('/');
        string[] others = [.. server.Tree.List().Where(line => line.Split('/', '=')[0] != name)];

        RawResponse response = await server.AskAsync("DELETE", target);

        Assert.Equal(204, response.Status);
        Assert.Empty(response.Body);
        Assert.Equal(others, server.Tree.List());
        Assert.Equal(404, await server.StatusAsync("DELETE", target));
    }

    [Theory] // RFC 4918 9.6, 9.6.1
    [InlineData("/missing", null, 404)]
    [InlineData("/file/member", null, 404)]
    [InlineData("/", null, 403)]
    [InlineData("/tree/..", null, 403)]
    [InlineData("/tree", "Depth: 0", 400)]
    [InlineData("/tree", "Depth: 1", 400)]
    [InlineData("/file", "If-Match: \"stale\"", 412)]
    [InlineData("/file", "If: ([\"stale\"])", 412)]
    public async Task What_is_refused_changes_nothing(string target, string? field, int status)
    {
        await using ServerFixture server = await StartAsync();
        IReadOnlyList<string> before = server.Tree.List();

        Assert.Equal(status, await server.StatusAsync("DELETE", target, field is null ? [] : [field]));

        Assert.Equal(before, server.Tree.List());
    }

    [Theory]
    [InlineData("Depth: infinity")]
    [InlineData("Depth: Infinity")]
    public async Task Infinity_is_the_depth_that_a_collection_takes(string depth)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(204, await server.StatusAsync("DELETE", "/tree", [depth]));
    }

    [Fact]
    public async Task The_depth_of_a_file_means_nothing()
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(204, await server.StatusAsync("DELETE", "/file", ["Depth: 0"]));
    }

    [Theory]
    [InlineData("/link-to-collection")]
    [InlineData("/link-to-file")]
    public async Task A_link_goes_and_what_it_points_to_stays(string target)
    {
        await using ServerFixture server = await StartAsync();
        Directory.CreateSymbolicLink(server.Tree.At("link-to-collection"), "tree");
        File.CreateSymbolicLink(server.Tree.At("link-to-file"), "file");
        string[] others = [.. server.Tree.List().Where(line => !line.StartsWith(target[1..], StringComparison.Ordinal))];

        Assert.Equal(204, await server.StatusAsync("DELETE", target));

        Assert.Equal(others, server.Tree.List());
    }

    [Fact]
    public async Task A_tree_that_holds_links_takes_nothing_with_it_that_lies_elsewhere()
    {
        using TempTree elsewhere = new();
        elsewhere.AddFile("precious", "precious");
        await using ServerFixture server = await StartAsync();
        server.Tree.AddFile("kept/precious", "precious");
        Directory.CreateSymbolicLink(server.Tree.At("tree/outside"), elsewhere.Root);
        Directory.CreateSymbolicLink(server.Tree.At("tree/inside"), "../kept");
        File.CreateSymbolicLink(server.Tree.At("tree/broken"), "nowhere");

        int status = await server.StatusAsync("DELETE", "/tree");

        Assert.Equal(["precious=precious"], elsewhere.List());
        Assert.Equal(["empty/", "file=old", "kept/", "kept/precious=precious"], server.Tree.List());
        Assert.Equal(204, status);
    }

    [Fact]
    public async Task A_tree_goes_with_its_properties()
    {
        await using ServerFixture server = await StartAsync();
        await server.SetNoteAsync("/tree/sub/leaf", "mine");

        Assert.Equal(204, await server.StatusAsync("DELETE", "/tree"));

        server.Tree.AddFile("tree/sub/leaf", "another");
        Assert.Null(await server.NoteOfAsync("/tree/sub/leaf"));
    }

    [Fact]
    public async Task What_cannot_be_removed_stays_and_is_told_alone_and_its_siblings_go()
    {
        TempTree tree = new();
        tree.AddFile("tree/a", "a");
        tree.AddFile("tree/sub/closed/secret", "secret");
        tree.AddFile("tree/sub/leaf", "leaf");
        tree.AddFile("tree/z", "z");
        await using ServerFixture server = await ServerFixture.StartAsync(
            services: services => StoreWrapper.AddTo(services, store => new UnlistableStore(store, "closed")), tree: tree);
        await server.SetNoteAsync("/tree/sub/closed/secret", "kept");
        await server.SetNoteAsync("/tree/z", "gone");

        MultiStatus failures = MultiStatus.Of(await server.AskAsync("DELETE", "/tree")); // RFC 4918 9.6.1

        Assert.Equal(["/tree/sub/closed/"], failures.Hrefs);
        Assert.Equal(403, failures.Status("/tree/sub/closed/"));
        Assert.Equal(["tree/", "tree/sub/", "tree/sub/closed/", "tree/sub/closed/secret=secret"], server.Tree.List());
        Assert.Equal("kept", await server.NoteOfAsync("/tree/sub/closed/secret"));
        server.Tree.AddFile("tree/z", "another");
        Assert.Null(await server.NoteOfAsync("/tree/z"));
    }

    private static async Task<ServerFixture> StartAsync()
    {
        TempTree tree = new();
        tree.AddFile("file", "old");
        tree.AddDirectory("empty");
        tree.AddFile("tree/leaf", "old");
        tree.AddFile("tree/sub/leaf", "old");
        return await ServerFixture.StartAsync(tree: tree);
    }
}
