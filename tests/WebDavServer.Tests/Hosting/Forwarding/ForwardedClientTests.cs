using System.Net;
using Microsoft.AspNetCore.Http;
using WebDavServer.Hosting.Forwarding;
using WebDavServer.Tests.Protocol;

namespace WebDavServer.Tests.Hosting.Forwarding;

public sealed class ForwardedClientTests
{
    private static readonly string[] Words =
    [
        " ", ",", ";", "=", "\"", "\\", "[", "]", ":", "::", ".", "/", "%", "%2F", "..", "1", "255", "192.0.2.1", "2001:db8::1", "for", "host",
        "proto", "http", "https", "example.org", "xn--", "_", "unknown", "ä", "\u00AD",
    ];

    [Fact]
    public void Whatever_a_proxy_says_is_understood_or_ignored()
    {
        Random random = new(7239);
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText.Of(random, Words);
            ForwardedElement[] elements = ForwardedField.TryParse(text, out IReadOnlyList<ForwardedElement> found) ? [.. found] : [];
            ForwardedClient client = ForwardedClient.Of(
                [.. elements, new(For: text), new(Proto: text), new(Host: text), new(Prefix: text)], IPAddress.IsLoopback);

            Assert.Contains(client.Scheme, new[] { null, "http", "https" });
            Assert.True(client.Prefix.Length == 0 || (client.Prefix[0] == '/' && client.Prefix[^1] != '/'), client.Prefix);
            Assert.DoesNotContain(new HostString(client.Host ?? "").ToUriComponent(), character => character is < ' ' or > '~');
        }
    }
}
