using System.Xml.Linq;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class PropPatchTests
{
    private static readonly XNamespace D = MultiStatus.Dav;
    private static readonly XNamespace T = "urn:test";

    [Theory]
    [InlineData("/file", "/file")]
    [InlineData("/dir", "/dir/")]
    [InlineData("/dir/", "/dir/")]
    [InlineData("/", "/")]
    public async Task A_property_is_set_and_removed(string target, string href)
    {
        await using ServerFixture server = await StartAsync();

        MultiStatus set = await PatchAsync(server, target, "<D:set><D:prop><a xmlns='urn:test'>1</a><bare xmlns=''>2</bare></D:prop></D:set>");
        Assert.Equal([href], set.Hrefs);
        Assert.Equal([T + "a", "bare"], set.Names(href, 200));
        Assert.True(set.Value(href, T + "a").IsEmpty); // RFC 4918 9.2.1: names and no values

        Assert.Equal("1", (await ReadAsync(server, target, T + "a"))!.Value);
        Assert.Equal("2", (await ReadAsync(server, target, "bare"))!.Value);

        MultiStatus removed = await PatchAsync(server, target, "<D:remove><D:prop><a xmlns='urn:test'/></D:prop></D:remove>");
        Assert.Equal([T + "a"], removed.Names(href, 200));
        Assert.Null(await ReadAsync(server, target, T + "a"));
        Assert.NotNull(await ReadAsync(server, target, "bare"));
    }

    [Theory] // RFC 4918 9.2: in document order
    [InlineData("<D:set><D:prop><a xmlns='urn:test'>1</a></D:prop></D:set><D:remove><D:prop><a xmlns='urn:test'/></D:prop></D:remove>", null)]
    [InlineData("<D:remove><D:prop><a xmlns='urn:test'/></D:prop></D:remove><D:set><D:prop><a xmlns='urn:test'>1</a></D:prop></D:set>", "1")]
    [InlineData("<D:set><D:prop><a xmlns='urn:test'>1</a><a xmlns='urn:test'>2</a></D:prop></D:set>", "2")]
    [InlineData("<D:remove><D:prop><a xmlns='urn:test'/></D:prop></D:remove>", null)] // 14.23: to remove what is not there is no fault
    public async Task Instructions_are_carried_out_in_their_order(string instructions, string? value)
    {
        await using ServerFixture server = await StartAsync();

        MultiStatus patched = await PatchAsync(server, "/file", instructions);

        Assert.Equal([T + "a"], patched.Names("/file", 200));
        Assert.Equal(value, (await ReadAsync(server, "/file", T + "a"))?.Value);
    }

    [Theory] // RFC 4918 15
    [InlineData("creationdate")]
    [InlineData("getcontentlength")]
    [InlineData("getcontenttype")]
    [InlineData("getetag")]
    [InlineData("lockdiscovery")]
    [InlineData("resourcetype")]
    [InlineData("supportedlock")]
    [InlineData("quota-available-bytes")] // RFC 4331 3
    [InlineData("quota-used-bytes")]
    public async Task A_protected_property_keeps_all_from_being_stored(string name)
    {
        await using ServerFixture server = await StartAsync();
        await server.SetNoteAsync("/file", "old");
        RawResponse before = await server.AskAsync("PROPFIND", "/file", ["Depth: 0"]);
        foreach (string instruction in new[] { "set", "remove" })
        {
            MultiStatus patched = await PatchAsync(
                server,
                "/file",
                $"<D:set><D:prop><note xmlns='urn:test'>new</note></D:prop></D:set><D:{instruction}><D:prop><D:{name}>x</D:{name}></D:prop></D:{instruction}>");

            Assert.Equal(403, patched.Status("/file", D + name));
            Assert.Equal("cannot-modify-protected-property", patched.Condition("/file", D + name)); // 16
            Assert.Equal(424, patched.Status("/file", T + "note")); // 9.2.1
            Assert.Null(patched.Condition("/file", T + "note"));
            Assert.Equal(before.Text, (await server.AskAsync("PROPFIND", "/file", ["Depth: 0"])).Text);
        }
    }

    [Theory] // RFC 4918 4.3
    [InlineData("<a xmlns='urn:test' xml:lang='de'>Größe</a>")]
    [InlineData("<a xmlns='urn:test'>  mixed <b>con<i/>tent</b> &lt;&amp;&gt;  <c x=' y '/>\n</a>")]
    [InlineData("<p:a xmlns:p='urn:test' xmlns:q='urn:other' q:x='1'><q:b p:y='2'/></p:a>")]
    [InlineData("<a xmlns='urn:test' xmlns:q='urn:q' type='q:name'>q:text</a>")] // a prefix that only a value uses
    [InlineData("<a xmlns='urn:test'><D:href>/x</D:href><bare xmlns=''/></a>")]
    [InlineData("<a xmlns='urn:test'>&#13;&#10;😀</a>")]
    [InlineData("<a xmlns='urn:test'/>")]
    public async Task A_value_is_kept_as_it_was_sent(string value)
    {
        await using ServerFixture server = await StartAsync();

        await PatchAsync(server, "/file", $"<D:set><D:prop>{value}</D:prop></D:set>");

        XElement sent = XElement.Parse($"<D:x xmlns:D='DAV:'>{value}</D:x>", LoadOptions.PreserveWhitespace).Elements().Single();
        XElement kept = (await ReadAsync(server, "/file", T + "a"))!;
        Assert.Equal(Canonical(sent), Canonical(kept));
        Assert.Equal(sent.GetNamespaceOfPrefix("q"), kept.GetNamespaceOfPrefix("q"));
    }

    [Fact]
    public async Task The_language_may_be_said_further_out()
    {
        await using ServerFixture server = await StartAsync();

        await PatchAsync(server, "/file", "<D:set><D:prop xml:lang='fr'><a xmlns='urn:test'>valeur</a></D:prop></D:set>");

        Assert.Equal("fr", (string?)(await ReadAsync(server, "/file", T + "a"))!.Attribute(XNamespace.Xml + "lang"));
    }

    [Fact]
    public async Task The_display_name_can_be_given_and_taken_back()
    {
        await using ServerFixture server = await StartAsync();

        MultiStatus set = await PatchAsync(server, "/file", "<D:set><D:prop><D:displayname>A &lt;name></D:displayname></D:prop></D:set>");
        Assert.Equal([D + "displayname"], set.Names("/file", 200)); // RFC 4918 15.2
        Assert.Equal("A <name>", (await ReadAsync(server, "/file", D + "displayname"))!.Value);
        MultiStatus all = MultiStatus.Of(await server.AskAsync("PROPFIND", "/file", ["Depth: 0"]));
        Assert.Single(all.Names("/file", 200), D + "displayname");
        Assert.Equal("A <name>", all.Value("/file", D + "displayname").Value);

        await PatchAsync(server, "/file", "<D:remove><D:prop><D:displayname/></D:prop></D:remove>");
        Assert.Equal("file", (await ReadAsync(server, "/file", D + "displayname"))!.Value);
    }

    [Theory]
    [InlineData("/missing", null, 404)]
    [InlineData("/file", "If-Match: \"stale\"", 412)]
    [InlineData("/file", "If: (<urn:uuid:00000000-0000-0000-0000-000000000000>)", 412)]
    public async Task What_is_refused_stores_nothing(string target, string? field, int status)
    {
        await using ServerFixture server = await StartAsync();
        string body = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><note xmlns='urn:test'>x</note></D:prop></D:set></D:propertyupdate>";

        Assert.Equal(status, await server.StatusAsync("PROPPATCH", target, field is null ? [] : [field], body));

        Assert.Null(await server.NoteOfAsync("/file"));
    }

    [Fact]
    public async Task Content_and_its_entity_tag_do_not_change_with_a_property()
    {
        await using ServerFixture server = await StartAsync();
        string? etag = (await server.AskAsync("HEAD", "/file"))["ETag"];

        await server.SetNoteAsync("/file", "mine");

        Assert.Equal(etag, (await server.AskAsync("HEAD", "/file"))["ETag"]);
    }

    // What stays of an element when prefixes are only a way to write it: names, attributes, text.
    private static string Canonical(XElement element)
    {
        XElement copy = new(element);
        copy.DescendantsAndSelf().Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Remove();
        return string.Join('|', copy.DescendantNodesAndSelf().Select(node => node switch
        {
            XElement inner => $"<{inner.Name} {string.Join(' ', inner.Attributes().Select(attribute => $"{attribute.Name}={attribute.Value}"))}>",
            XText text => text.Value,
            _ => "",
        }));
    }

    private static async Task<MultiStatus> PatchAsync(ServerFixture server, string target, string instructions) =>
        MultiStatus.Of(await server.AskAsync(
            "PROPPATCH", target, body: $"<D:propertyupdate xmlns:D='DAV:'>{instructions}</D:propertyupdate>"));

    private static async Task<XElement?> ReadAsync(ServerFixture server, string target, XName name)
    {
        XElement body = new(D + "propfind", new XElement(D + "prop", new XElement(name)));
        MultiStatus found = MultiStatus.Of(
            await server.AskAsync("PROPFIND", target, ["Depth: 0"], body.ToString(SaveOptions.DisableFormatting)));
        return found.Status(found.Hrefs[0], name) == 200 ? found.Value(found.Hrefs[0], name) : null;
    }

    private static async Task<ServerFixture> StartAsync()
    {
        TempTree tree = new();
        tree.AddFile("file", "content");
        tree.AddDirectory("dir");
        return await ServerFixture.StartAsync(tree: tree);
    }
}
