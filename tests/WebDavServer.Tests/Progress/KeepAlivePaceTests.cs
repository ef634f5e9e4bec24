using WebDav.Progress;

namespace WebDavServer.Tests.Progress;

public sealed class KeepAlivePaceTests
{
    [Theory]
    [InlineData(15, 1, 0, 15)]
    [InlineData(15, 1, 1, 15)]
    [InlineData(15, 1, 1000, 15)]
    [InlineData(15, 2, 0, 15)]
    [InlineData(15, 2, 1, 15)]
    [InlineData(15, 2, 2, 30)]
    [InlineData(15, 2, 4, 120)]
    [InlineData(0.5, 1.5, 3, 1.125)]
    [InlineData(15, 2, 1000, 86400)]
    [InlineData(15, 1000, int.MaxValue, 86400)]
    [InlineData(172800, 1, 5, 172800)]
    [InlineData(172800, 2, 5, 172800)]
    public void The_silence_grows_by_a_factor_up_to_a_day(double interval, double growth, int sent, double silence) => Assert.Equal(
        TimeSpan.FromSeconds(silence),
        new KeepAlivePace(100, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(interval), growth).SilenceAfter(sent));

    [Fact]
    public void The_size_of_a_102_is_what_HTTP_1_1_and_HTTP_2_count_at_most()
    {
        Assert.Equal(42, InterimSize.Of([])); // as text 27 (RFC 9112 4); a field :status with 102 in HTTP/2 (RFC 9113 6.5.2)
        Assert.Equal(42 + 8 + 3 + 32, InterimSize.Of([new("Progress", "1/3")]));
    }
}
