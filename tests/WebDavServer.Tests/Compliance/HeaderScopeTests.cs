using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 9.6.1, 9.8.3, 9.9.2, 10.2: a header field of a request for a tree counts for every resource of it.</summary>
public sealed class HeaderScopeTests
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Theory]
    [InlineData("DELETE", "/dir", null)]
    [InlineData("MOVE", "/dir", "/new")]
    [InlineData("COPY", "/other", "/dir")] // over the locked members
    [InlineData("MOVE", "/other", "/dir")]
    public async Task Tokens_count_for_every_locked_member(string method, string target, string? destination)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/one", "1");
        server.Tree.AddFile("dir/sub/two", "2");
        server.Tree.AddFile("other/three", "3");
        IReadOnlyList<string> before = server.Tree.List();
        string one = (await server.AskAsync("LOCK", "/dir/one", body: LockInfo))["Lock-Token"]!;
        string two = (await server.AskAsync("LOCK", "/dir/sub/two", body: LockInfo))["Lock-Token"]!;
        string[] fields = destination is null ? [] : [$"Destination: {destination}"];

        MultiStatus refused = MultiStatus.Of(await server.AskAsync(method, target, [.. fields, $"If: </dir/one> ({one})"]));
        Assert.Equal(["/dir/sub/two"], refused.Hrefs);
        Assert.Equal(423, refused.Status("/dir/sub/two"));
        Assert.Equal(before, server.Tree.List());

        Assert.InRange(await server.StatusAsync(method, target, [.. fields, $"If: </dir/one> ({one}) </dir/sub/two> ({two})"]), 201, 204);
        Assert.Equal(destination == "/dir", server.Tree.Has("dir/three"));
        Assert.False(server.Tree.Has("dir/sub/two"));
    }
}
