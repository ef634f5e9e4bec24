using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 8.1, 8.5, 10.6: who may not do a thing learns that, and nothing of the resource.</summary>
public sealed class AuthorizationTests
{
    [Theory]
    [InlineData("PUT", "/file", "If-Match: \"other\"")]
    [InlineData("PUT", "/file", "If-None-Match: *")]
    [InlineData("PUT", "/missing/file", null)]
    [InlineData("DELETE", "/missing", null)]
    [InlineData("DELETE", "/file", "If: ([\"other\"])")]
    [InlineData("MKCOL", "/file", null)]
    [InlineData("COPY", "/file", "Destination: /other|Overwrite: F")]
    [InlineData("MOVE", "/missing", "Destination: /other|Overwrite: F")]
    [InlineData("PROPPATCH", "/missing", null)]
    [InlineData("LOCK", "/missing/file", null)]
    [InlineData("UNLOCK", "/file", null)]
    public async Task What_may_not_be_done_is_refused_before_anything_is_looked_at(string method, string target, string? fields)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["Auth:Anonymous"] = "ReadOnly" });
        server.Tree.AddFile("file", "content");
        server.Tree.AddFile("other", "other");

        Assert.Equal(403, await server.StatusAsync(method, target, fields?.Split('|') ?? []));

        Assert.Equal(["file=content", "other=other"], server.Tree.List());
    }
}
