using Microsoft.Extensions.Primitives;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Protocol.Headers;

public sealed class DestinationHeaderTests
{
    private static readonly RequestAuthority Request = new("http", "dav.example:8080", UrlSpace.Whole, ["files.example", "cdn.example:444"]);

    [Theory] // RFC 4918 10.3
    [InlineData("http://dav.example:8080/a/b", "/a/b", false)]
    [InlineData("http://dav.example:8080/a/", "/a", true)]
    [InlineData("http://dav.example:8080", "", true)]
    [InlineData("HTTP://DAV.Example:8080/a", "/a", false)]
    [InlineData("https://dav.example:8080/a", "/a", false)] // TLS ends at a proxy
    [InlineData("webdav://dav.example:8080/a", "/a", false)] // KIO 6
    [InlineData("WebDAVs://dav.example:8080/a/", "/a", true)]
    [InlineData("/a/b", "/a/b", false)] // 8.3: path-absolute
    [InlineData("  /a ", "/a", false)]
    [InlineData("/", "", true)]
    [InlineData("/a%20b/%C3%A4", "/a b/ä", false)]
    [InlineData("/a b/ä", "/a b/ä", false)]
    [InlineData("http://dav.example:8080/a b", "/a b", false)]
    [InlineData("/a/../b/./c", "/b/c", false)]
    [InlineData("/..", "", true)]
    [InlineData("/a//b", "/a/b", false)]
    [InlineData("http://dav.example:8080//a", "/a", false)]
    [InlineData("/a:b@c", "/a:b@c", false)]
    [InlineData("http://user:secret@dav.example:8080/a", "/a", false)]
    [InlineData("http://dav.example:8080@files.example/a", "/a", false)] // the host is what stands behind the @
    [InlineData("http://files.example/a", "/a", false)]
    [InlineData("https://files.example:9999/a", "/a", false)] // configured without a port: any
    [InlineData("http://cdn.example:444/a", "/a", false)]
    public void A_destination_is_a_place_on_this_server(string text, string path, bool slash)
    {
        var destination = DestinationHeader.Parse(text, Request);
        Assert.Equal(path, destination.Path.Value);
        Assert.Equal(slash, destination.TrailingSlash);
    }

    [Theory]
    [InlineData("dav.example", "http://dav.example:80/a")]
    [InlineData("dav.example", "https://dav.example/a")]
    [InlineData("dav.example", "https://dav.example:443/a")]
    [InlineData("dav.example", "http://dav.example:/a")] // RFC 3986 3.2.3
    [InlineData("dav.example:443", "https://dav.example/a")]
    [InlineData("dav.example:80", "https://dav.example/a")]
    [InlineData("[::1]", "http://[::1]:80/a")]
    [InlineData("[2001:DB8::1]:8080", "http://[2001:db8::1]:8080/a")]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/a")]
    public void Default_ports_may_be_written_or_not(string host, string text) =>
        Assert.Equal(DavPath.Of("a"), DestinationHeader.Parse(text, Request with { Host = host }).Path);

    [Theory] // RFC 4918 9.8.5
    [InlineData("http://other.example/a")]
    [InlineData("http://dav.example/a")] // another port is another server
    [InlineData("http://dav.example:8081/a")]
    [InlineData("http://cdn.example/a")]
    [InlineData("http://dav.example.evil.example:8080/a")]
    [InlineData("http://dav.example:8080@evil.example/a")]
    [InlineData("webdav://other.example/a")]
    [InlineData("webdav+x://dav.example:8080/a")]
    [InlineData("ftp://dav.example:8080/a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("urn:uuid:1")]
    [InlineData("dav.example:8080/a")] // a URI of the scheme "dav.example"
    public void A_destination_elsewhere_is_a_bad_gateway(string text) =>
        Refused.With(502, () => DestinationHeader.Parse(text, Request));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("*")]
    [InlineData("//dav.example:8080/a")]
    [InlineData("http:/a")]
    [InlineData("http:a")]
    [InlineData("http:///a")]
    [InlineData("http://:8080/a")]
    [InlineData("http://dav.example:80x/a")]
    [InlineData("http://dav.example:-1/a")]
    [InlineData("http://dav.example:65536/a")]
    [InlineData("http://dav.example:8080:1/a")]
    [InlineData("http://::1/a")]
    [InlineData("http://dav example/a")]
    [InlineData("<http://dav.example:8080/a>")]
    [InlineData("http://dav.example:8080/a?b")]
    [InlineData("http://dav.example:8080/a#b")]
    [InlineData("http://dav.example:8080?b")]
    [InlineData("/a?b=c")]
    [InlineData("/a#")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%00")]
    [InlineData("/%ff")]
    [InlineData("/%C0%AF")]
    [InlineData("/%zz")]
    [InlineData("/a, /b%")]
    public void A_malformed_destination_is_refused(string? text) =>
        Refused.With(400, () => DestinationHeader.Parse(new StringValues(text), Request));

    [Fact]
    public void Two_destinations_are_refused() =>
        Refused.With(400, () => DestinationHeader.Parse(new StringValues(["/a", "/b"]), Request));

    [Theory]
    [InlineData("/dav", "/dav/a", "/a")]
    [InlineData("/dav", "/dav", "")]
    [InlineData("/dav", "/dav/", "")]
    [InlineData("/dav", "/%64av/a", "/a")]
    [InlineData("/dav", "/x/../dav/a", "/a")]
    [InlineData("/my%20files", "/my files/a", "/a")]
    [InlineData("/x/y", "http://dav.example:8080/x/y/a", "/a")]
    public void The_path_base_is_not_part_of_the_place(string pathBase, string text, string path) =>
        Assert.Equal(path, DestinationHeader.Parse(text, Request with { Urls = new UrlSpace(pathBase, DavPath.Root) }).Path.Value);

    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/davx/a")]
    [InlineData("/DAV/a")]
    [InlineData("/dav/../a")]
    [InlineData("/dav/%2e%2e/a")]
    [InlineData("http://dav.example:8080")]
    public void A_place_outside_of_the_path_base_is_elsewhere(string text) =>
        Refused.With(502, () => DestinationHeader.Parse(text, Request with { Urls = new UrlSpace("/dav", DavPath.Root) }));

    [Fact]
    public void Without_a_host_of_its_own_only_paths_can_be_compared()
    {
        var request = new RequestAuthority("http", "", UrlSpace.Whole, []); // HTTP/1.0
        Assert.Equal(DavPath.Of("a"), DestinationHeader.Parse("/a", request).Path);
        Refused.With(502, () => DestinationHeader.Parse("http://dav.example/a", request));
    }
}
