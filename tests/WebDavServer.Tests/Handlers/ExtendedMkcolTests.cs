using System.Xml.Linq;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Handlers.Requests;

namespace WebDavServer.Tests.Handlers;

/// <summary>RFC 5689.</summary>
public sealed class ExtendedMkcolTests
{
    private const string Collection = "<D:resourcetype><D:collection/></D:resourcetype>";
    private static readonly XName Note = XName.Get("note", "urn:test");

    [Theory]
    [InlineData("application/xml")]
    [InlineData("text/xml; charset=\"utf-8\"")]
    public async Task A_collection_is_made_with_its_properties(string type)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse made = await MakeAsync(server, $"{Collection}<D:displayname>Über</D:displayname><t:note>1</t:note>", $"Content-Type: {type}");

        Assert.Equal(201, made.Status);
        Assert.Empty(made.Body);
        Assert.Equal(["new"], server.Members());
        Assert.Equal("Über", await server.PropertyAsync("/new/", Dav + "displayname"));
        Assert.Equal("1", await server.PropertyAsync("/new/", Note));
    }

    [Theory]
    [InlineData("<D:mkcol xmlns:D='DAV:'/>")]
    [InlineData("<D:mkcol xmlns:D='DAV:'><D:set><D:prop/></D:set></D:mkcol>")]
    [InlineData("<D:mkcol xmlns:D='DAV:'><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set></D:mkcol>")]
    public async Task The_type_need_not_be_said(string body)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(201, (await server.RequestAsync("MKCOL", "/new", body, "Content-Type: application/xml")).Status);
        Assert.Equal(["new"], server.Members());
    }

    [Theory] // RFC 5689 3.1
    [InlineData("<D:resourcetype/>")]
    [InlineData("<D:resourcetype><D:principal/></D:resourcetype>")]
    [InlineData("<D:resourcetype><D:collection/><c:calendar xmlns:c='urn:ietf:params:xml:ns:caldav'/></D:resourcetype>")]
    public async Task A_type_that_is_no_mere_collection_is_refused(string type)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse refused = await MakeAsync(server, type + "<t:note>1</t:note>");

        Assert.Equal(403, refused.Status);
        Assert.Equal(Dav + "mkcol-response", XElement.Parse(refused.Text).Name);
        Assert.Equal(403, refused.Statuses()[Dav + "resourcetype"]);
        Assert.Equal(424, refused.Statuses()[Note]);
        Assert.Equal("valid-resourcetype", refused.FailedCondition());
        Assert.Empty(server.Members());
    }

    [Theory]
    [InlineData("<D:getetag>1</D:getetag>", "{DAV:}getetag", 403)]
    [InlineData("<D:getlastmodified>soon</D:getlastmodified>", "{DAV:}getlastmodified", 409)]
    public async Task Where_a_property_cannot_be_set_no_collection_is_made(string property, string name, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse refused = await MakeAsync(server, $"{Collection}<t:note>1</t:note>{property}");

        Assert.Equal(status, refused.Status);
        Assert.Equal(status, refused.Statuses()[XName.Get(name)]);
        Assert.Equal(424, refused.Statuses()[Dav + "resourcetype"]);
        Assert.Equal(424, refused.Statuses()[Note]);
        Assert.Empty(server.Members());
        Assert.Equal(201, (await server.RequestAsync("MKCOL", "/new")).Status);
        Assert.Null(await server.PropertyAsync("/new/", Note));
    }

    [Fact]
    public async Task Too_many_properties_make_no_collection()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["Properties:MaximumPerResource"] = "1" });

        Assert.Equal(507, (await MakeAsync(server, $"{Collection}<t:a/><t:b/>")).Status);
        Assert.Empty(server.Members());
    }

    [Theory]
    [InlineData("<D:mkcol xmlns:D='DAV:'/>", "text/plain", 415)]
    [InlineData("<D:mkcol xmlns:D='DAV:'/>", null, 415)]
    [InlineData("<D:propfind xmlns:D='DAV:'/>", "application/xml", 415)] // RFC 4918 9.3
    [InlineData("<D:mkcol xmlns:D='DAV:'>", "application/xml", 400)]
    [InlineData("<D:mkcol xmlns:D='DAV:'><D:set/></D:mkcol>", "application/xml", 400)]
    public async Task Another_body_is_refused(string body, string? type, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(status, (await server.RequestAsync("MKCOL", "/new", body, type is null ? [] : [$"Content-Type: {type}"])).Status);
        Assert.Empty(server.Members());
    }

    [Fact]
    public async Task A_body_may_come_in_chunks()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        await using RawConnection connection = await server.ConnectAsync();
        string body = $"<D:mkcol xmlns:D='DAV:'><D:set><D:prop>{Collection}<t:note xmlns:t='urn:test'>1</t:note></D:prop></D:set></D:mkcol>";

        await connection.SendRequestAsync("MKCOL", "/new", ["Content-Type: application/xml", "Transfer-Encoding: chunked"]);
        await connection.SendAsync($"{body.Length:x}\r\n{body}\r\n0\r\n\r\n");

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.Equal("1", await server.PropertyAsync("/new", Note));
    }

    [Fact]
    public async Task What_exists_already_is_not_changed()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddDirectory("new");

        Assert.Equal(405, (await MakeAsync(server, $"{Collection}<t:note>1</t:note>")).Status);
        Assert.Null(await server.PropertyAsync("/new/", Note));
    }

    [Fact]
    public async Task The_server_says_that_it_can() // RFC 5689 3
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Contains("extended-mkcol", (await server.RequestAsync("OPTIONS", "/"))["DAV"]!.Split(", "));
    }

    private static Task<RawResponse> MakeAsync(ServerFixture server, string properties, string type = "Content-Type: application/xml") =>
        server.RequestAsync(
            "MKCOL", "/new/", $"<D:mkcol xmlns:D='DAV:' xmlns:t='urn:test'><D:set><D:prop>{properties}</D:prop></D:set></D:mkcol>", type);
}
