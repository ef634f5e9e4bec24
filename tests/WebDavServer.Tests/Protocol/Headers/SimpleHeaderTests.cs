using Microsoft.Extensions.Primitives;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Protocol.Headers;

/// <summary>The header fields that hold one short value.</summary>
public sealed class SimpleHeaderTests
{
    [Theory] // RFC 4918 10.2
    [InlineData("0", Depth.Zero)]
    [InlineData("1", Depth.One)]
    [InlineData("infinity", Depth.Infinity)]
    [InlineData("Infinity", Depth.Infinity)]
    [InlineData("INFINITY", Depth.Infinity)]
    [InlineData(" 1\t", Depth.One)]
    public void A_depth_is_zero_one_or_infinity(string text, Depth depth) => Assert.Equal(depth, DepthHeader.Parse(text));

    [Fact]
    public void No_depth_is_left_to_the_method() => Assert.Null(DepthHeader.Parse(StringValues.Empty));

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("01")]
    [InlineData("0,0")]
    [InlineData("1,noroot")] // draft-ietf-webdav-bind; never advertised here
    [InlineData("infinite")]
    public void Any_other_depth_is_refused(string text) => Refused.With(400, () => DepthHeader.Parse(text));

    [Fact]
    public void A_field_sent_twice_counts_only_if_both_say_the_same()
    {
        Assert.Equal(Depth.One, DepthHeader.Parse(new StringValues(["1", " 1"])));
        Refused.With(400, () => DepthHeader.Parse(new StringValues(["0", "1"])));
        Refused.With(400, () => OverwriteHeader.Parse(new StringValues(["T", "F"])));
        Refused.With(400, () => LockTokenHeader.Parse(new StringValues(["<urn:a:1>", "<urn:a:2>"])));
        Refused.With(400, () => XOcMtimeHeader.Parse(new StringValues(["1", "2"])));
    }

    [Theory] // RFC 4918 10.6
    [InlineData(null, true)]
    [InlineData("T", true)]
    [InlineData("t", true)]
    [InlineData("F", false)]
    [InlineData(" f ", false)]
    public void Overwrite_is_allowed_unless_it_is_forbidden(string? text, bool overwrite) =>
        Assert.Equal(overwrite, OverwriteHeader.Parse(new StringValues(text)));

    [Theory]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("TF")]
    [InlineData("0")]
    public void Any_other_overwrite_is_refused(string text) => Refused.With(400, () => OverwriteHeader.Parse(text));

    public static TheoryData<string, long[]> Timeouts => new() // -1: infinite
    {
        { "Second-0", [0] },
        { "Second-3600", [3600] },
        { "second-60", [60] },
        { "Infinite", [-1] },
        { "infinite, Second-4100000000", [-1, 4_100_000_000] }, // RFC 4918 9.10.7
        { "Second-4294967295", [uint.MaxValue] },
        { "Second-4294967296", [uint.MaxValue] },
        { "Second-99999999999999999999999999", [uint.MaxValue] },
        { "Extend, Second-5", [5] }, // RFC 2518 9.8
        { " ,, Second-1 ,", [1] },
        { "", [] },
        { "Second", [] },
        { "Second-", [] },
        { "Second--1", [] },
        { "Second-+1", [] },
        { "Second-1.5", [] },
        { "Second- 1", [] },
        { "Second-1s", [] },
        { "Infinite1", [] },
        { "3600", [] },
    };

    [Theory] // RFC 4918 10.7
    [MemberData(nameof(Timeouts))]
    public void Timeouts_are_wishes_in_their_order(string text, long[] seconds) =>
        Assert.Equal(
            seconds.Select(count => count < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(count)),
            TimeoutHeader.Parse(text));

    [Fact]
    public void Timeouts_of_several_lines_are_one_list()
    {
        Assert.Equal(
            [TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan],
            TimeoutHeader.Parse(new StringValues(["Second-1", "Infinite"])));
        Assert.Empty(TimeoutHeader.Parse(StringValues.Empty));
    }

    [Theory] // RFC 4918 10.5
    [InlineData("<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2>", "urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2")]
    [InlineData("  <opaquelocktoken:a515cfa4-5da4-22e1-f5b5-00a0451e6bf7>", "opaquelocktoken:a515cfa4-5da4-22e1-f5b5-00a0451e6bf7")]
    [InlineData("<http://h/lock?id=1>", "http://h/lock?id=1")]
    public void A_lock_token_is_a_coded_url(string text, string uri) => Assert.Equal(new LockToken(uri), LockTokenHeader.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("<>")]
    [InlineData("<")]
    [InlineData("urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2")]
    [InlineData("<urn:uuid:1")]
    [InlineData("<no-scheme>")]
    [InlineData("<:x>")]
    [InlineData("<1a:x>")]
    [InlineData("<urn:a b>")]
    [InlineData("< urn:a>")]
    [InlineData("<urn:a><urn:b>")]
    [InlineData("<urn:a>, <urn:b>")]
    [InlineData("(<urn:a>)")]
    [InlineData("<urn:a#b>")]
    [InlineData("<urn:ä>")]
    public void Any_other_lock_token_is_refused(string? text) => Refused.With(400, () => LockTokenHeader.Parse(new StringValues(text)));

    [Fact]
    public void A_new_lock_token_reads_as_it_was_written()
    {
        var token = LockToken.New();
        Assert.Equal(token, LockTokenHeader.Parse(token.ToString()));
    }

    [Theory]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("1405659830", "2014-07-18T05:03:50Z")]
    [InlineData("1405659830.5", "2014-07-18T05:03:50.5Z")]
    [InlineData("1405659830.123456789", "2014-07-18T05:03:50.1234567Z")]
    [InlineData("-1", "1969-12-31T23:59:59Z")]
    [InlineData("253402300799", "9999-12-31T23:59:59Z")]
    public void A_file_time_is_seconds_since_1970(string text, string time) =>
        Assert.Equal(DateTimeOffset.Parse(time), XOcMtimeHeader.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("0x53c8b4f6")]
    [InlineData("1e9")]
    [InlineData("1,405")]
    [InlineData("1 2")]
    [InlineData("NaN")]
    [InlineData("253402300800")]
    [InlineData("-62135596801")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void Any_other_file_time_is_refused(string text) => Refused.With(400, () => XOcMtimeHeader.Parse(text));

    [Theory]
    [InlineData("0", 0)]
    [InlineData(" 12 ", 12)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void An_expected_length_is_a_number_of_bytes(string text, long length) => Assert.Equal(length, ExpectedLengthHeader.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("0x10")]
    [InlineData("1 2")]
    [InlineData("9223372036854775808")]
    public void Any_other_expected_length_is_refused(string text) => Refused.With(400, () => ExpectedLengthHeader.Parse(text));

    [Fact]
    public void No_expected_length_is_none() => Assert.Null(ExpectedLengthHeader.Parse(StringValues.Empty));

    [Fact]
    public void No_file_time_is_none() => Assert.Null(XOcMtimeHeader.Parse(StringValues.Empty));
}
