using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class OptionsTests
{
    private const string OfNothing = "OPTIONS, PUT, MKCOL, LOCK, UNLOCK";
    private const string OfCollection = "OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK";
    private const string OfFile = "OPTIONS, GET, HEAD, PUT, PATCH, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK";
    private const string OfAnything = "OPTIONS, GET, HEAD, PUT, PATCH, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK";

    [Theory] // RFC 4918 10.1, 18; RFC 9110 10.2.1
    [InlineData("/", OfCollection)]
    [InlineData("/dir", OfCollection)]
    [InlineData("/dir/", OfCollection)]
    [InlineData("/dir/file", OfFile)]
    [InlineData("/missing", OfNothing)]
    [InlineData("/missing/member", OfNothing)]
    [InlineData("*", OfAnything)] // RFC 9110 9.3.7
    [InlineData("http://localhost/dir", OfCollection)] // RFC 9112 3.2.2
    public async Task A_resource_says_what_can_be_done_with_it(string target, string allow)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file");

        RawResponse response = await server.AskAsync("OPTIONS", target);

        Assert.Equal(200, response.Status);
        Assert.Equal("1, 2, 3, extended-mkcol, sabredav-partialupdate", response["DAV"]);
        Assert.Equal("DAV", response["MS-Author-Via"]);
        Assert.Equal(allow, response["Allow"]);
        Assert.Equal("0", response["Content-Length"]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PROPFIND")]
    public async Task Nothing_else_can_be_asked_of_the_whole_server(string method)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(405, await server.StatusAsync(method, "*")); // Kestrel says so
    }

    [Fact]
    public async Task What_is_allowed_does_not_depend_on_conditional_fields()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file");

        // RFC 9110 13.2.1: they say nothing to a method that neither selects nor changes a representation.
        Assert.Equal(200, await server.StatusAsync("OPTIONS", "/file", ["If-None-Match: *", "If-Match: \"other\""]));
    }
}
