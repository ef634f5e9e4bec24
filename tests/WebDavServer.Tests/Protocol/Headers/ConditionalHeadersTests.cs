using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Protocol.Headers;

public sealed class ConditionalHeadersTests
{
    [Theory] // RFC 9110 8.8.3.2, 13.1.1, 13.1.2
    [InlineData("\"a\"", true, true)]
    [InlineData("W/\"a\"", false, true)]
    [InlineData("\"b\"", false, false)]
    [InlineData("\"A\"", false, false)]
    [InlineData("\"b\", \"a\"", true, true)]
    [InlineData("\"b\",\"a\",", true, true)]
    [InlineData(",, \"a\"", true, true)] // RFC 9110 5.6.1.2: empty elements
    [InlineData("\"x,y\", \"a\"", true, true)]
    [InlineData("W/\"a\", \"b\"", false, true)]
    [InlineData("*", true, true)]
    [InlineData(" * ", true, true)]
    public void A_tag_is_compared_strongly_or_weakly(string text, bool strong, bool weak)
    {
        var parsed = Parse(("If-Match", text), ("If-None-Match", text));
        foreach (var list in new[] { parsed.IfMatch!, parsed.IfNoneMatch! })
        {
            Assert.Equal(strong, list.Matches(new ETag("a"), strong: true));
            Assert.Equal(weak, list.Matches(new ETag("a"), strong: false));
            Assert.Equal(text.Contains('*'), list.Any);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("\"a")]
    [InlineData("a\"")]
    [InlineData("\"a\" \"b\"")]
    [InlineData("\"a\", b")]
    [InlineData("\"a\", *")]
    [InlineData("*, \"a\"")]
    [InlineData("**")]
    [InlineData("W/a")]
    public void Tags_that_cannot_be_understood_are_refused(string text)
    {
        Refused.With(400, () => Parse(("If-Match", text)));
        Refused.With(400, () => Parse(("If-None-Match", text)));
    }

    [Fact]
    public void Tags_in_several_lines_are_one_list()
    {
        var headers = new HeaderDictionary { ["If-Match"] = new StringValues(["\"b\"", "\"a\""]) };
        Assert.True(ConditionalHeaders.Parse(headers).IfMatch!.Matches(new ETag("a"), strong: true));
        headers["If-Match"] = new StringValues(["*", "\"a\""]);
        Refused.With(400, () => ConditionalHeaders.Parse(headers));
    }

    [Theory] // RFC 9110 5.6.7
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    public void A_date_is_read_in_its_three_forms(string text)
    {
        var parsed = Parse(("If-Modified-Since", text), ("If-Unmodified-Since", text));
        var date = new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero);
        Assert.Equal(date, parsed.IfModifiedSince);
        Assert.Equal(date, parsed.IfUnmodifiedSince);
    }

    [Theory] // RFC 9110 13.1.3, 13.1.4
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("0")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT")]
    public void What_is_no_date_is_ignored(string text) =>
        Assert.Same(ConditionalHeaders.None, Parse(("If-Modified-Since", text), ("If-Unmodified-Since", text)));

    [Fact]
    public void Two_dates_are_ignored() =>
        Assert.True(ConditionalHeaders.Parse(new HeaderDictionary
        {
            ["If-Modified-Since"] = new StringValues(["Sun, 06 Nov 1994 08:49:37 GMT", "Mon, 07 Nov 1994 08:49:37 GMT"]),
        }).IsEmpty);

    [Fact]
    public void A_request_without_conditions_has_none()
    {
        Assert.True(ConditionalHeaders.None.IsEmpty);
        Assert.Same(ConditionalHeaders.None, Parse());
        Assert.False(Parse(("If-None-Match", "*")).IsEmpty);
    }

    private static ConditionalHeaders Parse(params (string Name, string Value)[] fields)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in fields)
        {
            headers[name] = value;
        }

        return ConditionalHeaders.Parse(headers);
    }
}
