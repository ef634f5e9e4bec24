using WebDav.Locking;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Locking;

public sealed class LockOptionsTests
{
    private static readonly LockOptions Options = new() { DefaultTimeout = TimeSpan.FromSeconds(600), MaximumTimeout = TimeSpan.FromSeconds(3600) };

    // RFC 4918 6.6: the lifetime is suggested by the client, but the server ultimately chooses; 10.7: the grammar.
    [Theory]
    [InlineData(null, 600)]
    [InlineData("Second-1", 1)]
    [InlineData("Second-60", 60)]
    [InlineData("Second-3600", 3600)]
    [InlineData("Second-3601", 3600)]
    [InlineData("Second-4294967295", 3600)]
    [InlineData("Second-99999999999999999999", 3600)]
    [InlineData("Infinite", 3600)]
    [InlineData("infinite", 3600)]
    [InlineData("Infinite, Second-4100000000", 3600)] // RFC 4918 9.10.7
    [InlineData("Infinite, Second-60", 60)] // the first that can be met
    [InlineData("Second-4100000000, Second-120, Second-60", 120)]
    [InlineData("Second-60, Infinite", 60)]
    [InlineData("Extend, Second-60", 60)] // RFC 2518 9.8: passed over
    [InlineData("Extend", 600)]
    [InlineData("Second--1", 600)]
    [InlineData("Second-", 600)]
    [InlineData("Second-1.5", 600)]
    [InlineData("", 600)]
    [InlineData("Second-0", 600)] // a lock that ends before it begins is no lock
    [InlineData("Second-0, Second-60", 60)]
    [InlineData("Second-0, Infinite", 3600)]
    public void The_first_wish_that_can_be_met_is_granted(string? header, int seconds)
    {
        var wishes = TimeoutHeader.Parse(header is null ? default : header);

        Assert.Equal(TimeSpan.FromSeconds(seconds), Options.Grant(wishes));
    }

    [Fact]
    public void Several_lines_are_one_list() =>
        Assert.Equal(TimeSpan.FromSeconds(60), Options.Grant(TimeoutHeader.Parse(new[] { "Infinite", "Second-60" })));
}
