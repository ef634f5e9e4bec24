using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Protocol.Headers;

/// <summary>Where the body of a partial update goes: <c>X-Update-Range</c> and <c>Content-Range</c>.</summary>
public sealed class BodyPlaceTests
{
    [Theory]
    [InlineData("bytes=3-6", 10, 3L, 4L)]
    [InlineData("Bytes=3-6", 2, 3L, 4L)]
    [InlineData("bytes=3-", 10, 3L, null)]
    [InlineData("bytes=-4", 10, 6L, null)]
    [InlineData("bytes=-0", 10, 10L, null)]
    [InlineData("append", 10, 10L, null)]
    [InlineData(" APPEND ", 0, 0L, null)]
    [InlineData("bytes=0-9223372036854775805", 0, 0L, long.MaxValue - 1)]
    public void An_update_range_is_understood(string text, long current, long offset, long? length)
    {
        var place = UpdateRangeHeader.Parse(text);

        Assert.Equal((offset, null), place.In(current));
        Assert.Equal(length, place.Length);
    }

    [Theory]
    [InlineData(null, 400)]
    [InlineData("", 400)]
    [InlineData("bytes", 400)]
    [InlineData("bytes=", 400)]
    [InlineData("bytes=-", 400)]
    [InlineData("bytes=5", 400)]
    [InlineData("bytes=+1-2", 400)]
    [InlineData("bytes=1-2-3", 400)]
    [InlineData("bytes=1-2,4-5", 400)]
    [InlineData("bytes=99999999999999999999-", 400)]
    [InlineData("bytes=6-3", 416)]
    [InlineData("bytes=0-9223372036854775807", 416)]
    public void What_is_no_update_range_is_refused(string? text, int status) =>
        Assert.Equal(status, Assert.Throws<DavFaultException>(() => UpdateRangeHeader.Parse(text)).Fault.Status);

    [Theory]
    [InlineData("bytes 0-3/10", 0, 0L)]
    [InlineData("bytes 0-3/*", 10, 0L)]
    [InlineData("bytes 4-7/10", 4, 4L)]
    [InlineData("BYTES 4-7/10", 10, 4L)]
    public void A_content_range_is_understood(string text, long current, long offset)
    {
        var place = ContentRangeHeader.Parse(text)!;

        Assert.Equal((offset, null), place.In(current));
        Assert.Null(place.Mismatch(4));
        Assert.Equal(416, place.Mismatch(5)!.Status);
    }

    [Theory]
    [InlineData("bytes 4-7/10", 3)]
    [InlineData("bytes 4-7/10", 11)]
    public void A_content_range_that_does_not_fit_the_file_is_refused(string text, long current) =>
        Assert.Equal(416, ContentRangeHeader.Parse(text)!.In(current).Fault!.Status);

    [Theory]
    [InlineData("")]
    [InlineData("bytes 0-3")]
    [InlineData("bytes 0-3/3")]
    [InlineData("bytes 3-0/10")]
    [InlineData("bytes */10")]
    [InlineData("bytes=0-3/10")]
    [InlineData("lines 0-3/10")]
    public void What_is_no_content_range_is_refused(string text) =>
        Assert.Equal(400, Assert.Throws<DavFaultException>(() => ContentRangeHeader.Parse(text)).Fault.Status);

    [Fact]
    public void Without_a_content_range_the_body_is_the_whole_file() => Assert.Null(ContentRangeHeader.Parse(default));
}
