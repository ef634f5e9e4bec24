using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 9.2 to 9.11: what these methods are answered is not for a cache, so no answer says that it may be kept.</summary>
public sealed class CachingTests
{
    private const string Patch = "<propertyupdate xmlns='DAV:'><set><prop><a xmlns='urn:test'>1</a></prop></set></propertyupdate>";
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Theory]
    [InlineData("PROPPATCH", "/dir/file", null, Patch, 207)]
    [InlineData("MKCOL", "/new", null, null, 201)]
    [InlineData("MKCOL", "/dir", null, null, 405)]
    [InlineData("DELETE", "/dir/file", null, null, 204)]
    [InlineData("PUT", "/dir/file", null, "content", 204)]
    [InlineData("COPY", "/dir", "Destination: /new", null, 201)]
    [InlineData("MOVE", "/dir", "Destination: /new", null, 201)]
    [InlineData("MOVE", "/missing", "Destination: /new", null, 404)]
    [InlineData("LOCK", "/dir/file", null, LockInfo, 200)]
    [InlineData("LOCK", "/new", null, LockInfo, 201)]
    [InlineData("UNLOCK", "/dir/file", "Lock-Token: <urn:uuid:none>", null, 409)]
    [InlineData("PROPFIND", "/dir", "Depth: 1", null, 207)]
    public async Task No_answer_says_that_it_may_be_kept(string method, string target, string? field, string? body, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "old");

        RawResponse response = await server.AskAsync(method, target, field is null ? [] : [field], body);

        Assert.Equal(status, response.Status);
        Assert.Null(response["Expires"]);
        Assert.Null(response["Last-Modified"]); // from which a cache may guess how long (RFC 9111 4.2.2)
        Assert.DoesNotMatch("max-age|s-maxage|public|immutable", response["Cache-Control"] ?? "");
    }
}
