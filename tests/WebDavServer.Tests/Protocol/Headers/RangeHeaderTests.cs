using Microsoft.Extensions.Primitives;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Protocol.Headers;

public sealed class RangeHeaderTests
{
    private static readonly ETag Tag = new("e");
    private static readonly DateTimeOffset Modified = new(1994, 11, 6, 8, 49, 37, 500, TimeSpan.Zero);

    [Theory] // RFC 9110 14.1.2, of 10,000 bytes; start+length each
    [InlineData("bytes=0-499", "0+500")]
    [InlineData("bytes=500-999", "500+500")]
    [InlineData("bytes=-500", "9500+500")]
    [InlineData("bytes=9500-", "9500+500")]
    [InlineData("bytes=0-0,-1", "0+1 9999+1")]
    [InlineData("bytes= 0-999, 4500-5499, -1000", "0+1000 4500+1000 9000+1000")]
    [InlineData("bytes=500-600,601-999", "500+500")]
    [InlineData("bytes=500-700,601-999", "500+500")]
    [InlineData("BYTES=0-0", "0+1")] // RFC 9110 14.1: units are case-insensitive
    [InlineData("bytes=0-", "0+10000")]
    [InlineData("bytes=0-99999", "0+10000")]
    [InlineData("bytes=0-9223372036854775807", "0+10000")]
    [InlineData("bytes=-99999", "0+10000")]
    [InlineData("bytes=9999-9999", "9999+1")]
    [InlineData("bytes=0-0,20000-30000", "0+1")] // one that can be satisfied is enough
    [InlineData("bytes=-0,5-5", "5+1")]
    [InlineData("bytes=5-9,0-1", "5+5 0+2")] // the client's order
    [InlineData("bytes=5-9,0-4", "0+10")]
    [InlineData("bytes=20-29,0-4,25-40,10-12", "20+21 0+5 10+3")]
    [InlineData("bytes=20-29,0-4,15-22", "15+15 0+5")] // in the place of the first
    [InlineData("bytes=0-99,10-20,30-40", "0+100")]
    [InlineData("bytes=0-0,0-0,0-0", "0+1")]
    public void Parts_that_exist_are_sent(string range, string expected)
    {
        var outcome = RangeHeader.Parse(range, default, Tag, Modified, 10_000);
        Assert.Equal(RangeKind.Partial, outcome.Kind);
        Assert.Equal(expected, string.Join(' ', outcome.Ranges.Select(part => $"{part.Start}+{part.Length}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=0-1,5-4")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=0x0-1")]
    [InlineData("bytes 0-1/10")]
    [InlineData("0-1")]
    [InlineData("items=0-1")]
    [InlineData("bytes=0-99999999999999999999")]
    [InlineData("bytes=0-1;2-3")]
    public void What_cannot_be_understood_is_ignored(string range) =>
        Assert.Same(RangeOutcome.Whole, RangeHeader.Parse(range, default, Tag, Modified, 10_000));

    [Theory] // RFC 9110 15.5.17
    [InlineData("bytes=10000-", 10_000)]
    [InlineData("bytes=10000-20000", 10_000)]
    [InlineData("bytes=-0", 10_000)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=0-0", 0)]
    [InlineData("bytes=-0", 0)]
    public void Parts_that_do_not_exist_are_not_satisfiable(string range, long length) =>
        Assert.Same(RangeOutcome.Unsatisfiable, RangeHeader.Parse(range, default, Tag, Modified, length));

    [Fact]
    public void The_last_bytes_of_nothing_are_all_of_it() =>
        Assert.Same(RangeOutcome.Whole, RangeHeader.Parse("bytes=-5", default, Tag, Modified, 0));

    [Fact]
    public void No_range_is_the_whole()
    {
        Assert.Same(RangeOutcome.Whole, RangeHeader.Parse(default, default, Tag, Modified, 10));
        Assert.Same(RangeOutcome.Whole, RangeHeader.Parse(default, "\"e\"", Tag, Modified, 10));
        Assert.Same(RangeOutcome.Whole, RangeHeader.Parse(new StringValues(["bytes=0-0", "bytes=1-1"]), default, Tag, Modified, 10));
    }

    [Fact]
    public void Very_many_ranges_are_ignored()
    {
        Assert.Equal(RangeHeader.MaximumRanges, Parse(RangeHeader.MaximumRanges).Ranges.Count);
        Assert.Same(RangeOutcome.Whole, Parse(RangeHeader.MaximumRanges + 1));

        static RangeOutcome Parse(int count) => RangeHeader.Parse(
            "bytes=" + string.Join(',', Enumerable.Range(0, count).Select(i => $"{i * 2}-{i * 2}")), default, Tag, Modified, 10_000);
    }

    [Theory] // RFC 9110 13.1.5
    [InlineData("\"e\"", true)]
    [InlineData("\"f\"", false)]
    [InlineData("W/\"e\"", false)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", true)]
    [InlineData("Sun, 06 Nov 1994 08:49:38 GMT", false)] // later is not the same
    [InlineData("Sun, 06 Nov 1994 08:49:36 GMT", false)]
    [InlineData("e", false)]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("\"e\", \"f\"", false)]
    public void A_part_is_sent_only_of_the_state_the_client_has(string ifRange, bool partial) =>
        Assert.Equal(
            partial ? RangeKind.Partial : RangeKind.Whole,
            RangeHeader.Parse("bytes=0-4", ifRange, Tag, Modified, 10).Kind);

    [Fact]
    public void A_changed_file_is_sent_whole_even_where_the_part_would_not_exist() =>
        Assert.Same(RangeOutcome.Whole, RangeHeader.Parse("bytes=99-", "\"f\"", Tag, Modified, 10));
}
