using WebDavServer.Hosting.Interim;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>RFC 7541 6.2.2 and RFC 9113 8.2: what stands in the HEADERS frame of a 102.</summary>
public sealed class Http2InterimFrameTests
{
    [Fact]
    public void A_bare_one_is_fourteen_bytes() =>
        Assert.Equal("000005010400000007" + "0803313032", Convert.ToHexString(Http2InterimFrame.Of(7, [])));

    [Fact]
    public void Names_are_in_lower_case_and_values_without_white_space_around_them()
    {
        KeyValuePair<string, string>[] fields = [new("Status-URI", " <http://localhost/a b> 201 "), new("X-Empty", "")];

        Assert.Equal([new(":status", "102"), new("status-uri", "<http://localhost/a b> 201"), new("x-empty", "")], Read(fields));
    }

    [Theory]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(16_000)]
    public void Values_may_be_long(int length)
    {
        string value = new('x', length);
        Assert.Equal([new(":status", "102"), new("x", value)], Read([new("X", value)]));
    }

    [Fact]
    public void No_field_enters_the_dynamic_table()
    {
        HpackReader reader = new();
        reader.Read(Http2InterimFrame.Of(1, [new("X-One", "1")]).AsSpan(9));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => reader.Read([0x80 | 62])); // its first entry
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData(":status", "200")]
    [InlineData("X Y", "a")]
    [InlineData("X", "a\nb")]
    [InlineData("X", "ü")]
    [InlineData("Connection", "close")]
    [InlineData("transfer-encoding", "chunked")]
    public void What_HTTP_2_does_not_allow_is_refused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => Http2InterimFrame.Of(1, [new(name, value)]));

    [Fact]
    public void More_than_a_frame_is_refused() =>
        Assert.Throws<ArgumentException>(() => Http2InterimFrame.Of(1, [new("X", new string('x', 16_400))]));

    private static List<KeyValuePair<string, string>> Read(KeyValuePair<string, string>[] fields)
    {
        byte[] frame = Http2InterimFrame.Of(1, fields);
        Assert.Equal(frame.Length - 9, (frame[0] << 16) | (frame[1] << 8) | frame[2]);
        return new HpackReader().Read(frame.AsSpan(9));
    }
}
