using System.Net;
using Microsoft.Extensions.Configuration;
using WebDav.Setup;
using WebDavServer.Hosting.Forwarding;

namespace WebDavServer.Tests.Hosting.Forwarding;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("127.0.0.1", false)] // not even on loopback, where nothing was said
    [InlineData("127.0.0.1", true, "127.0.0.1")]
    [InlineData("127.0.0.2", false, "127.0.0.1")]
    [InlineData("::ffff:127.0.0.1", true, "127.0.0.1")] // a socket for both families
    [InlineData("::1", false, "127.0.0.1")]
    [InlineData("::1", true, "127.0.0.1", "::1")]
    [InlineData("172.18.0.4", true, "172.16.0.0/12")]
    [InlineData("172.32.0.4", false, "172.16.0.0/12")]
    [InlineData("2001:db8::7", true, "2001:db8::/32")]
    [InlineData(null, false, "0.0.0.0/0", "::/0")]
    [InlineData(null, true, "Unix")]
    public void Only_who_is_listed_is_trusted(string? address, bool trusted, params string[] list)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(list.Select((text, i) => new KeyValuePair<string, string?>($"WebDav:TrustedProxies:{i}", text)))
            .Build();

        Assert.Equal(trusted, new TrustedProxies(new SettingsReader(configuration)).Contains(address is null ? null : IPAddress.Parse(address)));
    }
}
