using System.Xml.Linq;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 13 and 14: the form of every 207, whatever it says.</summary>
public sealed class MultiStatusFormTests
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    private static readonly XNamespace D = MultiStatus.Dav;

    [Theory]
    [InlineData("PROPFIND", "/dir", null)]
    [InlineData("PROPFIND", "/dir/", "<D:propfind xmlns:D='DAV:'><D:propname/></D:propfind>")]
    [InlineData("PROPFIND", "/d%69r/../dir", "<D:propfind xmlns:D='DAV:'><D:prop><D:getetag/><a xmlns='urn:test'/><b xmlns=''/></D:prop></D:propfind>")]
    [InlineData("PROPFIND", "/dir", "<D:propfind xmlns:D='DAV:'><D:allprop/><D:include><D:quota-used-bytes/><x xmlns='urn:test'/></D:include></D:propfind>")]
    [InlineData("PROPPATCH", "/dir/file", "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><a xmlns='urn:test'>1</a><b>2</b></D:prop></D:set></D:propertyupdate>")]
    [InlineData("PROPPATCH", "/dir", "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><a>1</a><D:getetag>2</D:getetag></D:prop></D:set></D:propertyupdate>")]
    [InlineData("LOCK", "/dir", LockInfo)]
    [InlineData("DELETE", "/dir", null)]
    [InlineData("MOVE", "/dir", null)]
    public async Task Every_207_has_the_form_that_the_RFC_gives_it(string method, string target, string? body)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        server.Tree.AddFile("dir/sub/it's & <odd>", "content");
        server.Tree.AddFile("dir/sub/other", "content");
        await server.SetNoteAsync("/dir/file", "text");
        Assert.Equal(200, await server.StatusAsync("LOCK", "/dir/sub/it's%20&%20%3Codd%3E", body: LockInfo));
        Assert.Equal(200, await server.StatusAsync("LOCK", "/dir/sub/other", body: LockInfo));

        string[] fields = method == "MOVE" ? ["Destination: /new"] : method == "PROPFIND" ? ["Depth: infinity"] : [];
        RawResponse response = await server.AskAsync(method, target, fields, body);

        Assert.Equal(207, response.Status);
        XElement root = XElement.Parse(response.Text, LoadOptions.PreserveWhitespace);
        Assert.Equal(D + "multistatus", root.Name);
        Assert.NotEmpty(root.Elements(D + "response"));
        Assert.All(root.Elements(D + "response"), CheckResponse);
        List<string> hrefs = [.. root.Elements(D + "response").Select(answer => answer.Element(D + "href")!.Value)];
        Assert.Equal(hrefs.Count, hrefs.Distinct().Count()); // 14.24
    }

    private static void CheckResponse(XElement response)
    {
        string href = Assert.Single(response.Elements(D + "href")).Value;
        Assert.StartsWith("/dir", href, StringComparison.Ordinal); // 8.3: as the Request-URI, compared as URLs are
        Assert.DoesNotContain("/.", href, StringComparison.Ordinal);
        Assert.True(Uri.TryCreate(href, UriKind.Relative, out _));
        List<XElement> propStats = [.. response.Elements(D + "propstat")];
        Assert.Equal(propStats.Count > 0 ? 0 : 1, response.Elements(D + "status").Count()); // 13
        Assert.All(response.Elements(D + "status"), CheckStatus);
        Assert.All(propStats, CheckPropStat);
        List<XName> names = [.. propStats.SelectMany(propStat => propStat.Element(D + "prop")!.Elements()).Select(property => property.Name)];
        Assert.Equal(names.Count, names.Distinct().Count()); // 9.1: a property has one value, and so is there once
    }

    private static void CheckPropStat(XElement propStat)
    {
        XElement prop = Assert.Single(propStat.Elements(D + "prop")); // 14.22
        Assert.All(prop.Nodes(), node => Assert.IsType<XElement>(node)); // 14.18
        CheckStatus(Assert.Single(propStat.Elements(D + "status")));
    }

    private static void CheckStatus(XElement status) => Assert.Matches("^HTTP/1\\.1 [2-5][0-9][0-9] ", status.Value); // 13: none of 1xx
}
