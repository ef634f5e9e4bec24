using System.Xml.Linq;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 15: which live properties a resource has, which of them are protected, and what becomes of them by COPY and MOVE.</summary>
public sealed class LivePropertyTests
{
    private static readonly XNamespace D = MultiStatus.Dav;

    [Theory]
    [InlineData("creationdate")] // MAY
    [InlineData("getcontentlength")]
    [InlineData("getcontenttype")]
    [InlineData("getetag")]
    [InlineData("lockdiscovery")]
    [InlineData("resourcetype")]
    [InlineData("supportedlock")]
    [InlineData("getcontentlanguage", 200)] // not a live one here: no GET has a Content-Language
    [InlineData("displayname", 200)] // SHOULD NOT be protected
    public async Task What_the_server_computes_is_protected(string name, int status = 403)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        string body = $"<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><D:{name}>x</D:{name}></D:prop></D:set></D:propertyupdate>";

        MultiStatus answer = MultiStatus.Of(await server.AskAsync("PROPPATCH", "/file", body: body));

        Assert.Equal(status, answer.Status("/file", D + name));
        Assert.Equal(status == 403 ? "cannot-modify-protected-property" : null, answer.Condition("/file", D + name));
    }

    [Theory] // 15.2, 9.8.2, 9.9.1
    [InlineData("COPY")]
    [InlineData("MOVE")]
    public async Task The_display_name_goes_along(string method)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        string body = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><D:displayname>A name</D:displayname></D:prop></D:set></D:propertyupdate>";
        Assert.Equal(207, await server.StatusAsync("PROPPATCH", "/file", body: body));

        Assert.Equal(201, await server.StatusAsync(method, "/file", ["Destination: /new"]));

        Assert.Equal("A name", await ValueAsync(server, "/new", "displayname"));
    }

    [Fact] // 15.1, 9.8.2: a copy is a new resource
    public async Task A_copy_is_created_when_it_is_copied_and_what_is_moved_was_created_before()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        string? created = await ValueAsync(server, "/file", "creationdate");
        await Task.Delay(1100); // it is told in whole seconds

        Assert.Equal(201, await server.StatusAsync("COPY", "/file", ["Destination: /copy"]));
        Assert.Equal(201, await server.StatusAsync("MOVE", "/file", ["Destination: /moved"]));

        Assert.Equal(created, await ValueAsync(server, "/moved", "creationdate"));
        Assert.NotEqual(created, await ValueAsync(server, "/copy", "creationdate"));
    }

    [Theory] // 9.8.2: they are computed anew at the destination, not kept as they were
    [InlineData("COPY")]
    [InlineData("MOVE")]
    public async Task A_live_property_does_not_become_a_dead_one(string method)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file.txt", "content");

        Assert.Equal(201, await server.StatusAsync(method, "/file.txt", ["Destination: /new.html"]));
        Assert.Equal("text/html", await ValueAsync(server, "/new.html", "getcontenttype"));
        Assert.Equal(204, await server.StatusAsync("PUT", "/new.html", body: "longer than before"));

        Assert.Equal("18", await ValueAsync(server, "/new.html", "getcontentlength"));
        Assert.Equal((await server.AskAsync("HEAD", "/new.html"))["ETag"], await ValueAsync(server, "/new.html", "getetag"));
    }

    private static async Task<string> ValueAsync(ServerFixture server, string target, string name) =>
        MultiStatus.Of(await server.AskAsync("PROPFIND", target, ["Depth: 0"])).Value(target, D + name).Value;
}
