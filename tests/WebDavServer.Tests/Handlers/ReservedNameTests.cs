using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary><c>.webdav</c> at the root is the server's own, and no resource by any spelling.</summary>
public sealed class ReservedNameTests
{
    [Theory]
    [InlineData("/.webdav")]
    [InlineData("/.webdav/")]
    [InlineData("/.webdav/state.db")]
    [InlineData("/.webdav/staging")]
    [InlineData("/.webdav/new")]
    [InlineData("/%2ewebdav/staging")]
    [InlineData("/%2E%77%65bdav")]
    [InlineData("/.WEBDAV")]
    [InlineData("/.WebDav/staging")]
    [InlineData("//.webdav/staging")]
    [InlineData("/.webdav//staging")]
    [InlineData("/./.webdav/staging")]
    [InlineData("/dir/../.webdav/staging")]
    [InlineData("/dir/%2e%2e/.webdav/staging")]
    [InlineData("/.webdav/x/../staging")]
    [InlineData("/%EF%BC%8Ewebdav/staging")] // full width
    [InlineData("/.we%E2%93%91dav")] // circled
    [InlineData("/self/.webdav/staging")] // through a link to the root
    [InlineData("/self/.WEBDAV")]
    [InlineData("/into/staging")] // through a link to the directory itself
    public async Task It_cannot_be_reached_by_any_method(string target)
    {
        await using ServerFixture server = await StartAsync();
        string lockInfo = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
        string patch = "<propertyupdate xmlns='DAV:'><set><prop><a>1</a></prop></set></propertyupdate>";
        IReadOnlyList<string> before = server.Tree.List();
        string[] own = Own(server);

        Assert.Equal(404, await server.StatusAsync("GET", target));
        Assert.Equal(404, await server.StatusAsync("HEAD", target));
        Assert.Equal(404, await server.StatusAsync("PROPFIND", target, ["Depth: 1"]));
        Assert.Equal(404, await server.StatusAsync("PROPPATCH", target, body: patch));
        Assert.Equal(404, await server.StatusAsync("DELETE", target));
        Assert.Equal(404, await server.StatusAsync("COPY", target, ["Destination: /stolen"]));
        Assert.Equal(404, await server.StatusAsync("MOVE", target, ["Destination: /stolen"]));
        int[] refused = [403, 404, 409]; // all of them say no; which one depends on where it was stopped
        Assert.Contains(await server.StatusAsync("PUT", target, body: "mine"), refused);
        Assert.Contains(await server.StatusAsync("MKCOL", target), refused);
        Assert.Contains(await server.StatusAsync("LOCK", target, body: lockInfo), refused);
        Assert.Contains(await server.StatusAsync("COPY", "/file", [$"Destination: {target}"]), target[1] == '/' ? [400] : refused);
        Assert.Contains(await server.StatusAsync("MOVE", "/file", [$"Destination: {target}"]), target[1] == '/' ? [400] : refused);

        Assert.Equal(before, server.Tree.List());
        Assert.Equal(own, Own(server));
    }

    [Fact]
    public async Task It_is_never_listed()
    {
        await using ServerFixture server = await StartAsync();

        // The page's own script and style lie there, and are no members.
        string page = (await server.AskAsync("GET", "/")).Text;
        string[] links = [.. page.Split("<a ").Skip(1).Select(link => link[..link.IndexOf("</a>", StringComparison.Ordinal)])];
        Assert.Contains(links, link => link.Contains("/file\"", StringComparison.Ordinal));
        Assert.DoesNotContain(links, link => link.Contains("webdav", StringComparison.OrdinalIgnoreCase));
        foreach (string target in new[] { "/", "/self", "/into" })
        {
            RawResponse found = await server.AskAsync("PROPFIND", target, ["Depth: infinity"]);
            Assert.DoesNotContain("webdav", found.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("staging", found.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("/dir/.webdav")]
    [InlineData("/.webdavx")]
    [InlineData("/webdav")]
    [InlineData("/.webdav%20")]
    public async Task Other_names_are_everybodys(string target)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(201, await server.StatusAsync("PUT", target, body: "mine"));

        Assert.Equal("mine", (await server.AskAsync("GET", target)).Text);
    }

    [Fact]
    public async Task A_copy_of_what_leads_to_the_root_does_not_take_it_along()
    {
        await using ServerFixture server = await StartAsync();

        await server.AskAsync("COPY", "/self", ["Destination: /dir/copy"]);

        Assert.DoesNotContain(server.Tree.List("dir"), line => line.Contains("webdav", StringComparison.Ordinal));
    }

    private static string[] Own(ServerFixture server) =>
        [.. Directory.GetFileSystemEntries(server.Tree.At(".webdav"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static async Task<ServerFixture> StartAsync()
    {
        TempTree tree = new();
        tree.AddFile("file", "content");
        tree.AddDirectory("dir");
        Directory.CreateSymbolicLink(tree.At("self"), ".");
        Directory.CreateSymbolicLink(tree.At("into"), ".webdav");
        return await ServerFixture.StartAsync(tree: tree);
    }
}
