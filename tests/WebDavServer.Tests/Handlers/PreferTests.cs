using System.Xml.Linq;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Handlers.Requests;

namespace WebDavServer.Tests.Handlers;

/// <summary>RFC 7240 and RFC 8144.</summary>
public sealed class PreferTests
{
    private const string Asked = "<D:propfind xmlns:D='DAV:'><D:prop><D:getetag/><none xmlns='urn:test'/></D:prop></D:propfind>";

    [Theory] // RFC 8144 2.1, 4, appendix A
    [InlineData("Prefer: return=minimal", "return=minimal", 200, 2)]
    [InlineData("Prefer: depth-noroot", "depth-noroot", 404, 1)]
    [InlineData("Prefer: depth-noroot, return=minimal", "return=minimal, depth-noroot", 200, 1)]
    [InlineData("Prefer: respond-async", null, 404, 2)]
    [InlineData("Brief: t", "return=minimal", 200, 2)]
    [InlineData("Brief: f", null, 404, 2)]
    [InlineData("Brief: t\r\nPrefer: handling=lenient", null, 404, 2)]
    [InlineData("X: y", null, 404, 2)]
    public async Task A_PropFind_leaves_out_what_it_is_asked_to(string header, string? applied, int worst, int responses)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse answer = await server.RequestAsync("PROPFIND", "/dir/", Asked, "Depth: 1", header);

        Assert.Equal(207, answer.Status);
        Assert.Equal(applied, answer["Preference-Applied"]);
        Assert.Equal("Brief, Prefer", answer["Vary"]);
        XElement[] found = [.. XElement.Parse(answer.Text).Elements(Dav + "response")];
        Assert.Equal(responses, found.Length);
        Assert.Equal(worst == 404, answer.Text.Contains("HTTP/1.1 404", StringComparison.Ordinal));
        Assert.All(found, response => Assert.NotEmpty(response.Elements(Dav + "propstat")));
    }

    [Fact]
    public async Task Without_its_root_a_file_has_nothing_to_tell()
    {
        await using ServerFixture server = await StartAsync();

        RawResponse answer = await server.RequestAsync("PROPFIND", "/dir/file", Asked, "Depth: 0", "Prefer: depth-noroot");

        Assert.Equal(207, answer.Status);
        Assert.Empty(XElement.Parse(answer.Text).Elements());
    }

    [Theory] // RFC 8144 2.2
    [InlineData("Prefer: return=minimal")]
    [InlineData("Brief: t")]
    public async Task A_PropPatch_that_succeeds_needs_no_body(string header)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse answer = await server.SetAsync("/dir/file", "<t:a>1</t:a>", header);

        Assert.Equal(200, answer.Status);
        Assert.Equal("0", answer["Content-Length"]);
        Assert.Equal("return=minimal", answer["Preference-Applied"]);
        Assert.Equal("Brief, Prefer", answer["Vary"]);
        Assert.Equal("1", await server.PropertyAsync("/dir/file", XName.Get("a", "urn:test")));
    }

    [Fact]
    public async Task A_PropPatch_that_fails_says_all()
    {
        await using ServerFixture server = await StartAsync();

        RawResponse answer = await server.SetAsync("/dir/file", "<t:a>1</t:a><D:getetag/>", "Prefer: return=minimal");

        Assert.Equal(207, answer.Status);
        Assert.Null(answer["Preference-Applied"]);
        Assert.Equal(424, answer.Statuses()[XName.Get("a", "urn:test")]);
    }

    [Fact] // RFC 8144 2.3
    public async Task An_extended_Mkcol_that_succeeds_needs_no_body()
    {
        await using ServerFixture server = await StartAsync();
        string body = "<D:mkcol xmlns:D='DAV:'><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set></D:mkcol>";

        RawResponse answer = await server.RequestAsync("MKCOL", "/new", body, "Content-Type: application/xml", "Prefer: return=minimal");

        Assert.Equal(201, answer.Status);
        Assert.Empty(answer.Body);
        Assert.Equal("return=minimal", answer["Preference-Applied"]);
        Assert.Equal("Prefer", answer["Vary"]);
    }

    [Theory] // RFC 8144 3.2
    [InlineData("PUT", "If-Match: \"other\"")]
    [InlineData("PUT", "If-None-Match: *")]
    [InlineData("PATCH", "If-Match: \"other\"")]
    public async Task A_failed_condition_comes_with_the_content_as_it_is(string method, string condition)
    {
        await using ServerFixture server = await StartAsync();
        string etag = (await server.RequestAsync("HEAD", "/dir/file"))["ETag"]!;

        RawResponse answer = await server.RequestAsync(
            method, "/dir/file", "new", condition, "Prefer: return=representation", "X-Update-Range: append", "Content-Type: application/x-sabredav-partialupdate");

        Assert.Equal(412, answer.Status);
        Assert.Equal("content", answer.Text);
        Assert.Equal(etag, answer["ETag"]);
        Assert.Equal("/dir/file", answer["Content-Location"]);
        Assert.Equal("return=representation", answer["Preference-Applied"]);
        Assert.Equal("Prefer", answer["Vary"]);
        Assert.Equal("content", server.Tree.Read("dir/file"));
    }

    [Theory]
    [InlineData("/dir/file", "If-Match: \"other\"", "Prefer: return=minimal")]
    [InlineData("/dir/file", "If: (<urn:none>)", "Prefer: return=representation")]
    [InlineData("/none", "If-Match: *", "Prefer: return=representation")]
    public async Task Otherwise_it_comes_without(string target, string condition, string prefer)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse answer = await server.RequestAsync("PUT", target, "new", condition, prefer);

        Assert.Equal(412, answer.Status);
        Assert.Null(answer["Preference-Applied"]);
        Assert.StartsWith("text/plain", answer["Content-Type"], StringComparison.Ordinal);
    }

    private static async Task<ServerFixture> StartAsync()
    {
        ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        return server;
    }
}
