using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDavServer.Tests.Protocol.Xml;

public sealed class PropertyUpdateBodyTests
{
    public static TheoryData<string, string[]> Updates => new()
    {
        {
            "<D:set><D:prop><Z:Authors xmlns:Z=\"z\"><Z:Author>Jim Whitehead</Z:Author></Z:Authors></D:prop></D:set>" // RFC 4918 9.2.2
            + "<D:remove><D:prop><Z:Copyright-Owner xmlns:Z=\"z\"/></D:prop></D:remove>",
            ["set {z}Authors", "remove {z}Copyright-Owner"]
        },
        {
            "<D:remove><D:prop><D:a/></D:prop></D:remove><D:set><D:prop><D:a>1</D:a><D:b/></D:prop></D:set>"
            + "<D:remove><D:prop><D:b/></D:prop></D:remove><D:set><D:prop><D:a>2</D:a></D:prop></D:set>",
            ["remove {DAV:}a", "set {DAV:}a", "set {DAV:}b", "remove {DAV:}b", "set {DAV:}a"] // in their order, each as often as said
        },
        { "<D:set><D:prop><a xmlns=\"\">x</a></D:prop></D:set>", ["set a"] }, // litmus propnullns
        { "<D:set><x/><D:prop><D:a/></D:prop></D:set><D:other/><x><D:prop/></x>", ["set {DAV:}a"] }, // 17
        { "<D:set><D:prop/></D:set><D:set><D:prop><D:a/></D:prop></D:set>", ["set {DAV:}a"] },
        { "\n <D:set>\n <D:prop>\n <D:a/>\n </D:prop>\n </D:set>\n", ["set {DAV:}a"] },
    };

    [Theory]
    [MemberData(nameof(Updates))]
    public void Instructions_keep_the_order_of_the_document(string inner, string[] expected)
    {
        var instructions = PropertyUpdateBody.Parse(Body.Of($"<D:propertyupdate xmlns:D=\"DAV:\">{inner}</D:propertyupdate>"));
        Assert.Equal(expected, instructions.Select(one => $"{(one.Element is null ? "remove" : "set")} {one.Name}"));
    }

    [Fact]
    public void A_value_to_set_is_still_in_its_document()
    {
        var body = Body.Of("<D:propertyupdate xmlns:D=\"DAV:\" xml:lang=\"de\"><D:set><D:prop><D:a>1</D:a></D:prop></D:set></D:propertyupdate>");
        Assert.Equal("<D:a xmlns:D=\"DAV:\" xml:lang=\"de\">1</D:a>", PropertyFragment.Of(PropertyUpdateBody.Parse(body)[0].Element!));
    }

    [Theory]
    [InlineData("<propertyupdate/>")]
    [InlineData("<propfind xmlns=\"DAV:\"/>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"/>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"><set/></propertyupdate>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"><remove/></propertyupdate>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"><set><prop/></set></propertyupdate>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"><set><prop><a/></prop></set><remove/></propertyupdate>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"><set><prop><a/></prop><prop><b/></prop></set></propertyupdate>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"><prop><a/></prop></propertyupdate>")]
    [InlineData("<propertyupdate xmlns=\"DAV:\"><other/></propertyupdate>")]
    public void An_update_that_says_nothing_is_refused(string body) =>
        Refused.With(400, () => PropertyUpdateBody.Parse(Body.Of(body)));

    [Fact]
    public void No_body_is_refused() => Refused.With(400, () => PropertyUpdateBody.Parse(null));

    [Fact]
    public void Namespaces_in_scope_cannot_be_multiplied_into_gigabytes()
    {
        var names = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<a{i}/>"));
        Refused.With(413, () => PropertyUpdateBody.Parse(Body.Of(Update(new string('u', 500_000)))));
        Assert.Equal(20_000, PropertyUpdateBody.Parse(Body.Of(Update("http://ns.example.com/standards/z39.50/"))).Count);
        Assert.Equal(20_000, PropertyUpdateBody.Parse(Body.Of(Update(new string('u', 500_000)).Replace("set>", "remove>"))).Count);

        string Update(string ns) =>
            $"<propertyupdate xmlns=\"DAV:\" xmlns:u=\"{ns}\"><set><prop>{names}</prop></set></propertyupdate>";
    }
}
