using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDavServer.Tests.Protocol.Xml;

public sealed class PropFindBodyTests
{
    [Fact]
    public void No_body_asks_for_all_properties() => Assert.Equal(PropFindQuery.AllProp, PropFindBody.Parse(null)); // RFC 4918 9.1

    public static TheoryData<string, string, string[]> Queries => new()
    {
        { "<D:allprop/>", "AllProp", [] }, // 9.1.5
        { "<D:propname/>", "PropName", [] }, // 9.1.4
        {
            "<D:prop xmlns:R=\"http://ns.example.com/boxschema/\"><R:bigbox/><R:author/><R:DingALing/><R:Random/></D:prop>", // 9.1.3
            "Prop",
            [
                "{http://ns.example.com/boxschema/}bigbox", "{http://ns.example.com/boxschema/}author",
                "{http://ns.example.com/boxschema/}DingALing", "{http://ns.example.com/boxschema/}Random",
            ]
        },
        { "<D:allprop/><D:include><D:supported-live-property-set/><D:a/></D:include>", "AllProp", ["{DAV:}supported-live-property-set", "{DAV:}a"] }, // 9.1.6
        { "<D:include><D:a/></D:include><D:allprop/>", "AllProp", ["{DAV:}a"] },
        { "<D:allprop/><D:include/>", "AllProp", [] },
        { "<D:propname/><D:include><D:a/></D:include>", "PropName", [] },
        { "<D:prop><D:a/></D:prop><D:include><D:b/></D:include>", "Prop", ["{DAV:}a"] },
        { "<D:prop/>", "Prop", [] },
        { "<D:prop>  <!-- none --> </D:prop>", "Prop", [] },
        { "<D:prop><D:a/><D:b/><D:a/><D:b/></D:prop>", "Prop", ["{DAV:}a", "{DAV:}b"] },
        { "<D:prop><a xmlns=\"\"/><a xmlns=\"x\"/></D:prop>", "Prop", ["a", "{x}a"] },
        { "<D:prop><D:a><D:b/></D:a></D:prop>", "Prop", ["{DAV:}a"] },
        { "<D:new/><x xmlns=\"y\"/><D:allprop/>", "AllProp", [] }, // 17: unknown elements
        { "<prop xmlns=\"y\"/><D:allprop/>", "AllProp", [] },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_names_what_it_wants(string inner, string kind, string[] names)
    {
        var query = PropFindBody.Parse(Body.Of($"<D:propfind xmlns:D=\"DAV:\">{inner}</D:propfind>"));
        Assert.Equal(kind, query.Kind.ToString());
        Assert.Equal(names, query.Names.Select(name => name.ToString()));
    }

    [Theory]
    [InlineData("<propfind/>")]
    [InlineData("<propfind xmlns=\"dav:\"><allprop/></propfind>")]
    [InlineData("<D:propertyupdate xmlns:D=\"DAV:\"><D:allprop/></D:propertyupdate>")]
    [InlineData("<D:propfind xmlns:D=\"DAV:\"/>")]
    [InlineData("<D:propfind xmlns:D=\"DAV:\"><D:expired-props/></D:propfind>")] // RFC 4918 appendix A
    [InlineData("<D:propfind xmlns:D=\"DAV:\"><D:include><D:a/></D:include></D:propfind>")]
    [InlineData("<D:propfind xmlns:D=\"DAV:\"><D:allprop/><D:propname/></D:propfind>")]
    [InlineData("<D:propfind xmlns:D=\"DAV:\"><D:prop/><D:allprop/></D:propfind>")]
    [InlineData("<D:propfind xmlns:D=\"DAV:\"><D:prop/><D:prop/></D:propfind>")]
    [InlineData("<D:propfind xmlns:D=\"DAV:\"><x><D:allprop/></x></D:propfind>")]
    public void A_query_that_wants_nothing_or_two_things_is_refused(string body) =>
        Refused.With(400, () => PropFindBody.Parse(Body.Of(body)));

    [Fact]
    public void Ten_thousand_names_take_no_time() =>
        Assert.Equal(10_000, PropFindBody.Parse(Body.Of(
            $"<propfind xmlns=\"DAV:\"><prop>{string.Concat(Enumerable.Range(0, 10_000).Select(i => $"<p{i}/><p{i}/>"))}</prop></propfind>"))
            .Names.Distinct().Count());

    [Fact]
    public void The_name_of_a_property_is_its_namespace_and_local_name() =>
        Assert.Equal(PropertyName.Dav("a"), PropFindBody.Parse(Body.Of("<x:propfind xmlns:x=\"DAV:\"><x:prop><x:a/></x:prop></x:propfind>")).Names[0]);
}
