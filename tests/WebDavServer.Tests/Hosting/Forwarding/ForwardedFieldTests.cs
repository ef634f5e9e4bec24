using WebDavServer.Hosting.Forwarding;

namespace WebDavServer.Tests.Hosting.Forwarding;

public sealed class ForwardedFieldTests
{
    [Theory] // RFC 7239 4; an element is written here as for|proto|host
    [InlineData("for=\"_gazonk\"", "_gazonk||")]
    [InlineData("For=\"[2001:db8:cafe::17]:4711\"", "[2001:db8:cafe::17]:4711||")]
    [InlineData("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60|http|")]
    [InlineData("for=192.0.2.43, for=198.51.100.17", "192.0.2.43||", "198.51.100.17||")]
    [InlineData("host=\"example.org:8443\";PROTO=https", "|https|example.org:8443")]
    [InlineData("host=example.org:8443;for=[::1]", "[::1]||example.org:8443")] // without the quotes that belong there
    [InlineData(" for=a ; proto=b ,\tfor=c ", "a|b|", "c||")]
    [InlineData("for=\"a\\\"b,;\\\\\"", "a\"b,;\\||")]
    [InlineData("secret=x;by=y, for=a", "||", "a||")] // one that says nothing of what matters is one nevertheless
    [InlineData(",, for=a,,for=b,", "a||", "b||")] // RFC 9110 5.6.1.2
    [InlineData(";for=a;", "a||")]
    [InlineData("")]
    public void Elements_are_read(string line, params string[] elements)
    {
        Assert.True(ForwardedField.TryParse(line, out IReadOnlyList<ForwardedElement> found));
        Assert.Equal(elements, found.Select(element => $"{element.For}|{element.Proto}|{element.Host}"));
    }

    [Fact]
    public void Lines_are_one_list()
    {
        Assert.True(ForwardedField.TryParse(new(["for=a, for=b", "for=c"]), out IReadOnlyList<ForwardedElement> found));
        Assert.Equal(["a", "b", "c"], found.Select(element => element.For));
    }

    [Theory]
    [InlineData("for")]
    [InlineData("for=")]
    [InlineData("=a")]
    [InlineData("for =a")]
    [InlineData("for= a")]
    [InlineData("for=\"\"")]
    [InlineData("for=\"a")]
    [InlineData("for=\"a\\")]
    [InlineData("for=a b")]
    [InlineData("for=a;for=b")]
    [InlineData("for=\"a\"b")]
    [InlineData("192.0.2.1")]
    [InlineData("for=6.6.6.6;x=\", for=192.0.2.1")] // a quote that the client opened, before what the proxy wrote
    [InlineData("for=6.6.6.6;x=\", for=\"[2001:db8::1]\"")]
    public void What_cannot_be_read_whole_is_not_read(string line) => Assert.False(ForwardedField.TryParse(line, out _));
}
