using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Security;

/// <summary>What users see of a tree that they may not see all of, and of the server from a root of their own.</summary>
public sealed class RulesTests
{
    [Theory]
    [InlineData("infinity", "/ /a/ /a/f /a/open/ /a/open/g")]
    [InlineData("1", "/ /a/")]
    public async Task A_listing_leaves_out_what_the_user_may_not_read(string depth, string hrefs)
    {
        await using ServerFixture server = await StartAsync();

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/", [TestUsers.Basic("anna"), $"Depth: {depth}"]));

        Assert.Equal(hrefs.Split(' ').Order(), found.Hrefs.Order());
    }

    [Fact]
    public async Task A_page_of_links_leaves_it_out_too()
    {
        await using ServerFixture server = await StartAsync();

        Assert.DoesNotContain("hidden", (await server.AskAsync("GET", "/a/", [TestUsers.Basic("anna")])).Text, StringComparison.Ordinal);
        Assert.Contains("hidden", (await server.AskAsync("GET", "/a/", [TestUsers.Basic("ben")])).Text, StringComparison.Ordinal);
    }

    [Fact] // RFC 4918 10.4: a condition on another resource would tell whether it is there, and what its ETag is
    public async Task A_condition_tells_nothing_of_what_the_user_may_not_read()
    {
        await using ServerFixture server = await StartAsync();
        string etag = (await server.AskAsync("HEAD", "/a/hidden/h", [TestUsers.Basic("ben")]))["ETag"]!;
        string[] condition = [$"If: </a/hidden/h> ([{etag}])", "Content-Length: 0"];

        Assert.Equal(204, await server.StatusAsync("PUT", "/a/f", [TestUsers.Basic("ben"), .. condition]));
        Assert.Equal(412, await server.StatusAsync("PUT", "/a/f", [TestUsers.Basic("anna"), .. condition]));
    }

    [Fact]
    public async Task Anonymous_users_have_what_a_rule_gives_them_by_name()
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna").Rule("/a/open", "anonymous", "ReadOnly").Rule("/a", "*", "ReadWrite");
        await using ServerFixture server = await StartAsync(settings);

        Assert.Equal(200, await server.StatusAsync("GET", "/a/open/g"));
        Assert.Equal(401, await server.StatusAsync("PUT", "/a/open/g", body: "new"));
        Assert.Equal(401, await server.StatusAsync("GET", "/a/f"));
    }

    [Fact]
    public async Task A_user_with_a_root_of_its_own_finds_it_at_the_root_of_the_URLs()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna Root=/a", "ben"));
        string[] login = [TestUsers.Basic("anna")];

        Assert.Equal("content of a/f", (await server.AskAsync("GET", "/f", login)).Text);
        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/", [.. login, "Depth: 1"]));
        Assert.Equal(["/", "/f", "/hidden/", "/open/"], found.Hrefs.Order());
        RawResponse copy = await server.AskAsync("COPY", "/f", [.. login, "Destination: /new"]);
        Assert.Equal(201, copy.Status);
        Assert.Equal("content of a/f", File.ReadAllText(server.Tree.At("a/new")));
        RawResponse locked = await server.AskAsync(
            "LOCK", "/f", login, "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>");
        Assert.Contains("<D:lockroot><D:href>/f</D:href>", locked.Text, StringComparison.Ordinal);
        RawResponse refused = await server.AskAsync("PUT", "/a/f", [TestUsers.Basic("ben")], body: "other");
        Assert.Equal(423, refused.Status);
        Assert.Contains("<D:href>/a/f</D:href>", refused.Text, StringComparison.Ordinal);
        Assert.Equal(204, await server.StatusAsync("PUT", "/f", [.. login, $"If: </f> ({locked["Lock-Token"]})"], body: "new"));
    }

    [Theory]
    [InlineData("DELETE", "/")]
    [InlineData("DELETE", "/x/..")]
    [InlineData("MOVE", "/")]
    public async Task That_root_stays_where_it_is(string method, string target)
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna Root=/a"));

        Assert.Equal(403, await server.StatusAsync(method, target, [TestUsers.Basic("anna"), "Destination: /b"]));
        Assert.True(File.Exists(server.Tree.At("a/f")));
    }

    [Fact]
    public async Task Operations_and_the_reserved_name_are_the_same_for_a_user_with_a_root_of_its_own()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna Root=/a"));
        string[] login = [TestUsers.Basic("anna")];

        RawResponse started = await server.AskAsync("COPY", "/open", [.. login, "Destination: /new", "Prefer: respond-async"]);
        Assert.Equal(202, started.Status);
        Assert.StartsWith("/.webdav/operations/", started["Location"], StringComparison.Ordinal);
        RawResponse page = await server.AskAsync("GET", started["Location"]!, login);
        Assert.Contains("\"destination\":\"/new\"", page.Text, StringComparison.Ordinal);
        Assert.Equal(404, await server.StatusAsync("GET", "/.webdav/state.db", login));
        Assert.InRange(await server.StatusAsync("PUT", "/.webdav/x", login, body: "x"), 403, 409);
        Assert.False(Directory.Exists(server.Tree.At("a/.webdav")));
    }

    [Fact]
    public async Task An_administrator_sees_the_operations_of_all()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna", "ben", "root Administrator=true"));
        RawResponse started = await server.AskAsync("COPY", "/a", [TestUsers.Basic("anna"), "Destination: /new", "Prefer: respond-async"]);
        string page = started["Location"]!;

        Assert.Equal(200, await server.StatusAsync("GET", page, [TestUsers.Basic("anna")]));
        Assert.Equal(404, await server.StatusAsync("GET", page, [TestUsers.Basic("ben")]));
        Assert.Equal(200, await server.StatusAsync("GET", page, [TestUsers.Basic("root")]));
        Assert.Equal(401, await server.StatusAsync("GET", page));
    }

    private static Task<ServerFixture> StartAsync(Dictionary<string, string?>? settings = null)
    {
        TempTree tree = new();
        foreach (string file in new[] { "a/f", "a/hidden/h", "a/open/g", "b/x" })
        {
            tree.AddFile(file, $"content of {file}");
        }

        return ServerFixture.StartAsync(
            settings ?? TestUsers.Settings("anna", "ben").Rule("/a/hidden", "anna", "None").Rule("/b", "anna", "None"), tree: tree);
    }
}
