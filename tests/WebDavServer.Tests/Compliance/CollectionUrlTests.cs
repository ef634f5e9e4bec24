using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 5: the URLs of collections and of their members fit together, whatever is done.</summary>
public sealed class CollectionUrlTests
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Theory] // 5.2
    [InlineData("PROPFIND", "/dir", "/dir/")]
    [InlineData("PROPFIND", "/dir/", null)]
    [InlineData("PROPFIND", "/dir/s%75b", "/dir/sub/")]
    [InlineData("PROPFIND", "/dir/file", null)]
    [InlineData("GET", "/dir", "/dir/")]
    [InlineData("GET", "/dir/", null)]
    [InlineData("HEAD", "/dir/sub", "/dir/sub/")]
    [InlineData("GET", "/dir/file", null)]
    [InlineData("PROPFIND", "/", null)]
    public async Task A_collection_that_is_asked_for_without_its_slash_is_told_with_it(string method, string target, string? location)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await server.AskAsync(method, target, ["Depth: 0"]);

        Assert.InRange(response.Status, 200, 207);
        Assert.Equal(location, response["Content-Location"]);
        if (method == "PROPFIND")
        {
            Assert.Equal(location ?? target, MultiStatus.Of(response).Hrefs.Single());
        }
    }

    [Fact]
    public async Task Below_a_path_base_the_slash_is_told_with_it()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:PathBase"] = "/dav" });
        server.Tree.AddFile("dir/file");

        Assert.Equal("/dav/dir/", (await server.AskAsync("PROPFIND", "/dav/dir", ["Depth: 0"]))["Content-Location"]);
        Assert.Equal("/dav/", (await server.AskAsync("PROPFIND", "/dav", ["Depth: 0"]))["Content-Location"]);
    }

    [Theory] // 5.1, 9.3.1, 9.7.1, 9.8.5, 9.9.4, 9.10.6
    [InlineData("PUT", "/missing/new", "content")]
    [InlineData("PUT", "/dir/file/new", "content")]
    [InlineData("MKCOL", "/missing/new", null)]
    [InlineData("MKCOL", "/dir/file/new", null)]
    [InlineData("COPY", "/dir/file", null)]
    [InlineData("MOVE", "/dir/file", null)]
    [InlineData("COPY", "/dir/", null)]
    [InlineData("MOVE", "/dir/", null)]
    [InlineData("LOCK", "/missing/new", LockInfo)]
    [InlineData("LOCK", "/dir/file/new", LockInfo)]
    public async Task No_collection_is_made_on_the_way_to_another_resource(string method, string target, string? body)
    {
        await using ServerFixture server = await StartAsync();
        IReadOnlyList<string> before = server.Tree.List();

        Assert.Equal(409, await server.StatusAsync(method, target, method is "COPY" or "MOVE" ? ["Destination: /missing/new"] : [], body));

        Assert.Equal(before, server.Tree.List());
        Assert.Equal(404, await server.StatusAsync("PROPFIND", "/missing", ["Depth: 0"]));
    }

    [Theory] // 9.6
    [InlineData("/dir/file")]
    [InlineData("/dir/sub/")]
    [InlineData("/dir")]
    public async Task After_DELETE_nothing_is_found_at_the_URL_or_below(string target)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(204, await server.StatusAsync("DELETE", target));

        foreach (string gone in new[] { target, target.TrimEnd('/') + "/leaf" })
        {
            foreach (string method in new[] { "GET", "HEAD", "PROPFIND", "PROPPATCH", "DELETE" })
            {
                string? body = method == "PROPPATCH" ? "<propertyupdate xmlns='DAV:'><remove><prop><a/></prop></remove></propertyupdate>" : null;
                Assert.Equal(404, await server.StatusAsync(method, gone, body: body));
            }
        }

        MultiStatus left = MultiStatus.Of(await server.AskAsync("PROPFIND", "/", ["Depth: infinity"]));
        Assert.DoesNotContain(left.Hrefs, href => href.StartsWith(target, StringComparison.Ordinal));
    }

    [Fact] // 5.2: a collection has one member for each of its members' URLs, and each is told once
    public async Task Every_member_is_told_once_and_stands_in_a_collection_that_is_told()
    {
        await using ServerFixture server = await StartAsync();
        server.Tree.AddFile("dir/sub/deep/x");
        Assert.Equal(201, await server.StatusAsync("COPY", "/dir", ["Destination: /copy"]));
        Assert.Equal(201, await server.StatusAsync("MOVE", "/dir/sub", ["Destination: /copy/moved"]));

        IReadOnlyList<string> hrefs = MultiStatus.Of(await server.AskAsync("PROPFIND", "/", ["Depth: infinity"])).Hrefs;

        Assert.Equal(hrefs.Count, hrefs.Distinct().Count());
        Assert.All(hrefs.Where(href => href != "/"), href => Assert.Contains(href[..(href.TrimEnd('/').LastIndexOf('/') + 1)], hrefs));
        Assert.Equal(
            ["/", "/copy/", "/copy/file", "/copy/moved/", "/copy/moved/deep/", "/copy/moved/deep/x", "/copy/moved/leaf", "/copy/sub/", "/copy/sub/deep/",
                "/copy/sub/deep/x", "/copy/sub/leaf", "/dir/", "/dir/file"],
            hrefs.Order(StringComparer.Ordinal));
    }

    private static async Task<ServerFixture> StartAsync()
    {
        ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        server.Tree.AddFile("dir/sub/leaf", "leaf");
        return server;
    }
}
