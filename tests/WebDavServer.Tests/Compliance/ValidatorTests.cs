using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 8.6 and 8.8: what an entity tag of a URL says, and what not.</summary>
public sealed class ValidatorTests
{
    private const string Patch = "<propertyupdate xmlns='DAV:'><set><prop><a xmlns='urn:test'>1</a></prop></set></propertyupdate>";
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Fact] // 8.6
    public async Task A_file_whose_content_and_place_stay_keeps_its_validators()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        (string?, string?) before = await ValidatorsAsync(server);

        Assert.Equal(207, await server.StatusAsync("PROPPATCH", "/file", body: Patch));
        RawResponse locked = await server.AskAsync("LOCK", "/file", body: LockInfo);
        Assert.Equal(200, locked.Status);
        Assert.Equal(204, await server.StatusAsync("UNLOCK", "/file", [$"Lock-Token: {locked["Lock-Token"]}"]));
        Assert.Equal(201, await server.StatusAsync("COPY", "/file", ["Destination: /copy"]));
        Assert.Equal(200, await server.StatusAsync("GET", "/file"));

        Assert.Equal(before, await ValidatorsAsync(server));
    }

    [Fact] // 8.8: also for what comes to a URL by COPY or MOVE, or anew after a DELETE
    public async Task An_entity_tag_is_never_used_again_at_its_URL()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        List<string?> tags = [];
        server.Tree.AddFile("other", "same");
        server.Tree.AddFile("third", "same");
        foreach ((string method, string target, string? body) in new (string, string, string?)[]
        {
            ("PUT", "/file", "same"), ("PUT", "/file", "same"), ("DELETE", "/file", null), ("PUT", "/file", "same"), ("COPY", "/other", null),
            ("COPY", "/other", null), ("MOVE", "/third", null), ("MOVE", "/other", null), ("DELETE", "/file", null), ("PUT", "/file", "same"),
        })
        {
            Assert.InRange(await server.StatusAsync(method, target, method is "COPY" or "MOVE" ? ["Destination: /file"] : [], body), 200, 204);
            if (method != "DELETE")
            {
                tags.Add((await ValidatorsAsync(server)).Tag);
            }
        }

        Assert.DoesNotContain(null, tags);
        Assert.Equal(tags.Count, tags.Distinct().Count());
    }

    [Fact] // 8.8: a move of a tree puts other representations at all the URLs below its destination
    public async Task A_tree_that_comes_in_place_of_another_has_other_entity_tags()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "same");
        server.Tree.AddFile("new/file", "same");
        string? before = (await server.AskAsync("HEAD", "/dir/file"))["ETag"];

        Assert.Equal(204, await server.StatusAsync("MOVE", "/new", ["Destination: /dir"]));

        Assert.NotEqual(before, (await server.AskAsync("HEAD", "/dir/file"))["ETag"]);
    }

    private static async Task<(string? Tag, string? Modified)> ValidatorsAsync(ServerFixture server)
    {
        RawResponse response = await server.AskAsync("HEAD", "/file");
        return (response["ETag"], response["Last-Modified"]);
    }
}
