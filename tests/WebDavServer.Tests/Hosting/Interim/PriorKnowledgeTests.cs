using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using WebDavServer.Hosting;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>RFC 9113 3.3: HTTP/2 on clear text, on the port of HTTP/1.1, for clients that begin with its preface.</summary>
public sealed class PriorKnowledgeTests
{
    [Fact]
    public async Task Both_are_spoken_on_one_port()
    {
        await using ServerFixture server = await StartAsync();
        foreach (Version version in new[] { HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version11 })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await server.Client.SendAsync(request);

            Assert.Equal(version, response.Version);
            Assert.Equal($"HTTP/{(version.Major == 1 ? "1.1" : "2")} http", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task The_preface_may_come_byte_by_byte()
    {
        await using ServerFixture server = await StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        client.NoDelay = true;
        byte[] begin = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Http2Frame.Write(Http2Frame.Settings, 0, 0, [])];
        foreach (byte one in begin)
        {
            client.GetStream().WriteByte(one);
            await Task.Delay(2);
        }

        Http2Frame? first = await Http2Frame.ReadAsync(client.GetStream()).WaitAsync(RawConnection.Patience);
        Assert.Equal(Http2Frame.Settings, first!.Type);
    }

    [Theory]
    [InlineData("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("PRINT / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task HTTP_1_1_may_come_byte_by_byte(string request)
    {
        await using ServerFixture server = await StartAsync();
        await using RawConnection connection = await server.ConnectAsync();
        foreach (char one in request)
        {
            await connection.SendAsync(one.ToString());
            await Task.Delay(1);
        }

        Assert.Equal("HTTP/1.1 http", (await connection.ReadAsync()).Text);
    }

    [Fact]
    public async Task A_connection_without_a_byte_does_not_hold_up_the_end()
    {
        await using ServerFixture server = await StartAsync();
        await using RawConnection connection = await server.ConnectAsync();
        await Task.Delay(100);

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));

        Assert.True(await connection.IsClosedAsync());
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    [InlineData("")]
    public async Task A_connection_that_ends_in_the_preface_is_forgotten(string begin)
    {
        await using ServerFixture server = await StartAsync();
        await using (RawConnection connection = await server.ConnectAsync())
        {
            await connection.SendAsync(begin);
        }

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task An_address_for_https_serves_nothing_in_clear_text()
    {
        await using ServerFixture server = await StartAsync(https: true);
        Uri clear = new UriBuilder(server.Address) { Scheme = "http" }.Uri;
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(clear);

        Http2Frame? answer;
        try
        {
            await connection.SendRequestAsync("GET", "/");
            answer = await connection.ReadAsync();
        }
        catch (IOException)
        {
            answer = null;
        }

        Assert.Null(answer);
    }

    [Theory]
    [InlineData("Http2", 2)]
    [InlineData("Http1", 1)]
    [InlineData("Http1AndHttp2", 2)]
    public async Task An_endpoint_can_be_for_one_of_them(string protocols, int version)
    {
        Dictionary<string, string?> settings = new() { ["Kestrel:Endpoints:A:Url"] = "http://127.0.0.1:0", ["Kestrel:Endpoints:A:Protocols"] = protocols };
        await using ServerFixture server = await StartAsync(settings: settings);
        using HttpRequestMessage request = new(HttpMethod.Get, "/") { Version = new(version, version == 1 ? 1 : 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await server.Client.SendAsync(request);

        Assert.Equal(version, response.Version.Major);
        Assert.EndsWith(" http", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("http://127.0.0.1:80", 80, true)]
    [InlineData("https://127.0.0.1:80", 80, false)]
    [InlineData("http://127.0.0.1:80;https://127.0.0.2:80", 80, false)]
    [InlineData("http://127.0.0.1:80;https://127.0.0.1:443", 80, true)]
    [InlineData("http://127.0.0.1:80;https://127.0.0.1:443", 443, false)]
    [InlineData("http://127.0.0.1:80", 81, false)]
    public void Only_an_endpoint_that_is_certain_to_be_clear_text_is(string urls, int port, bool expected)
    {
        ListeningAddresses addresses = new(new ConfigurationBuilder().AddInMemoryCollection([new("Urls", urls)]).Build());
        Assert.Equal(expected, addresses.AreClearText(new IPEndPoint(IPAddress.Any, port)));
    }

    [Fact]
    public void A_socket_of_the_file_system_is_what_its_address_says()
    {
        ListeningAddresses addresses = new(new ConfigurationBuilder().AddInMemoryCollection([new("Urls", "http://unix:/run/a;https://unix:/run/b")]).Build());
        Assert.True(addresses.AreClearText(new UnixDomainSocketEndPoint("/run/a")));
        Assert.False(addresses.AreClearText(new UnixDomainSocketEndPoint("/run/b")));
    }

    /// <summary>Answers with the protocol and the scheme, as long as no request takes clear text for TLS.</summary>
    private static Task<ServerFixture> StartAsync(bool https = false, IReadOnlyDictionary<string, string?>? settings = null) =>
        InterimServer.StartAsync(
            https,
            async (context, interim) =>
            {
                Assert.NotNull(interim);
                Assert.Equal(https, context.Features.Get<ITlsConnectionFeature>() is not null);
                await context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Scheme}");
            },
            settings);
}
