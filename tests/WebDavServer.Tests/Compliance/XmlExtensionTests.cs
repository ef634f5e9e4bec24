using System.Xml.Linq;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 8.2 and 17: what XML comes in, and what of it counts.</summary>
public sealed class XmlExtensionTests
{
    private const string PropFind = "<D:propfind xmlns:D='DAV:'><D:prop><note xmlns='urn:test'/></D:prop></D:propfind>";
    private const string PropPatch = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><note xmlns='urn:test'>x</note></D:prop></D:set></D:propertyupdate>";
    private const string Lock = "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Theory] // 17: text/xml is deprecated, and still accepted; what is said of no type at all is looked at
    [InlineData("PROPFIND", PropFind, 207)]
    [InlineData("PROPPATCH", PropPatch, 207)]
    [InlineData("LOCK", Lock, 200)]
    public async Task Both_media_types_of_XML_are_taken_and_one_is_given(string method, string body, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        foreach (string? type in new[] { "application/xml", "text/xml", "Text/XML; charset=\"utf-8\"", "application/xml;charset=utf-8", null })
        {
            string name = $"/file-{Guid.NewGuid():N}";
            server.Tree.AddFile(name[1..]);

            RawResponse response = await server.AskAsync(method, name, ["Depth: 0", .. type is null ? (string[])[] : [$"Content-Type: {type}"]], body);

            Assert.Equal(status, response.Status);
            Assert.Equal("application/xml; charset=utf-8", response["Content-Type"]);
            Assert.Equal(MultiStatus.Dav.NamespaceName, XElement.Parse(response.Text).Name.NamespaceName);
        }
    }

    [Theory] // 17: an element or attribute that is not known is passed over with all that is in it
    [InlineData("PROPFIND", "<D:propfind xmlns:D='DAV:' x='1'><u xmlns='urn:u'><D:propname/></u><D:prop D:y='2'><note xmlns='urn:test'/></D:prop><D:new/></D:propfind>", 207)]
    [InlineData("PROPPATCH", "<D:propertyupdate xmlns:D='DAV:'><u xmlns='urn:u'><D:remove/></u><D:set><D:new/><D:prop><note xmlns='urn:test'>x</note></D:prop></D:set></D:propertyupdate>", 207)]
    [InlineData("LOCK", "<D:lockinfo xmlns:D='DAV:' x='1'><D:new><D:lockscope><D:shared/></D:lockscope></D:new><D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope></D:lockinfo>", 200)]
    [InlineData("LOCK", "<L xmlns='DAV:'/>", 400)] // but for the root, which says what the request is
    public async Task What_is_not_known_is_passed_over_and_the_order_is_free(string method, string body, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file");

        RawResponse response = await server.AskAsync(method, "/file", ["Depth: 0"], body);

        Assert.Equal(status, response.Status);
        switch (method)
        {
            case "PROPFIND":
                Assert.Equal([XName.Get("note", "urn:test")], MultiStatus.Of(response).Names("/file", 404));
                break;
            case "PROPPATCH":
                Assert.Equal("x", await server.NoteOfAsync("/file"));
                break;
            case "LOCK" when status == 200:
                Assert.Single(XElement.Parse(response.Text).Descendants(MultiStatus.Dav + "exclusive"));
                break;
        }
    }
}
