using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>Settings that change what requests are answered.</summary>
public sealed class SettingsInForceTests
{
    [Theory]
    [InlineData("WebDav:ReadOnly", "true", "the server is read-only")]
    [InlineData("Auth:Anonymous", "ReadOnly", "this user may not change it")]
    public async Task A_server_that_may_only_be_read_refuses_every_write(string key, string value, string reason)
    {
        await using ServerFixture server = await StartAsync(new() { [key] = value });
        IReadOnlyList<string> before = server.Tree.List();
        string[] methods = ["PUT", "DELETE", "MKCOL", "COPY", "MOVE", "PROPPATCH", "LOCK", "UNLOCK"];
        foreach (string method in methods)
        {
            await using RawConnection connection = await server.ConnectAsync();
            await connection.SendRequestAsync(
                method, "/file", ["Destination: /new", "Expect: 100-continue", "Content-Length: 5"]);

            Assert.Equal(403, (await connection.ReadAsync()).Status); // and no 100 before it
        }

        IReadOnlyList<LogLine> log = await server.Log.WaitForRequestsAsync(methods.Length);
        Assert.All(log, line => Assert.EndsWith($": {reason}", line.Text, StringComparison.Ordinal));
        Assert.Equal(before, server.Tree.List());
        Assert.Equal(key == "WebDav:ReadOnly", !server.Tree.Has(".webdav")); // one that may not write keeps nothing of its own either

        Assert.Equal("content", (await server.AskAsync("GET", "/file")).Text);
        Assert.Equal(200, await server.StatusAsync("HEAD", "/file"));
        Assert.Equal(200, await server.StatusAsync("OPTIONS", "/file"));
        Assert.Equal(207, await server.StatusAsync("PROPFIND", "/", ["Depth: 1"]));
    }

    [Theory]
    [InlineData("/my%20dav/file", 200)]
    [InlineData("/my%20dav", 200)]
    [InlineData("/my%20dav/", 200)]
    [InlineData("/m%79%20dav/file", 200)]
    [InlineData("/x/../my%20dav/file", 200)]
    [InlineData("http://localhost/my%20dav/file", 200)]
    [InlineData("/my%20dav/missing", 404)]
    [InlineData("/file", 404)]
    [InlineData("/", 404)]
    [InlineData("/my%20davit/file", 404)]
    [InlineData("/MY%20DAV/file", 404)]
    [InlineData("/my%20dav/../file", 404)] // not below it
    [InlineData("/my%20dav/%2e%2e/file", 404)]
    public async Task What_is_served_begins_at_the_path_base(string target, int status)
    {
        await using ServerFixture server = await StartAsync(new() { ["WebDav:PathBase"] = "/my%20dav/" });

        Assert.Equal(status, await server.StatusAsync("GET", target));
    }

    [Fact]
    public async Task Every_href_begins_with_the_path_base()
    {
        await using ServerFixture server = await StartAsync(new() { ["WebDav:PathBase"] = "/my%20dav" });
        string lockInfo = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";

        Assert.Equal(201, await server.StatusAsync("COPY", "/my%20dav/file", ["Destination: /my%20dav/copy"]));
        Assert.Equal(502, await server.StatusAsync("COPY", "/my%20dav/file", ["Destination: /copy"]));
        Assert.Equal(502, await server.StatusAsync("COPY", "/my%20dav/file", ["Destination: /my%20dav/../copy"]));
        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/my%20dav", ["Depth: 1"]));
        Assert.Equal(["/my%20dav/", "/my%20dav/copy", "/my%20dav/file"], found.Hrefs.Order(StringComparer.Ordinal));
        Assert.Contains("href=\"/my%20dav/file\"", (await server.AskAsync("GET", "/my%20dav/")).Text, StringComparison.Ordinal);
        RawResponse locked = await server.AskAsync("LOCK", "/my%20dav/file", body: lockInfo);
        Assert.Contains("<D:href>/my%20dav/file</D:href></D:lockroot>", locked.Text, StringComparison.Ordinal);
        RawResponse refused = await server.AskAsync("PUT", "/my%20dav/file", body: "new");
        Assert.Equal("lock-token-submitted", refused.Condition());
        Assert.Contains("<D:href>/my%20dav/file</D:href>", refused.Text, StringComparison.Ordinal);
    }

    private static async Task<ServerFixture> StartAsync(Dictionary<string, string?> settings)
    {
        TempTree tree = new();
        tree.AddFile("file", "content");
        return await ServerFixture.StartAsync(settings, tree: tree);
    }
}
