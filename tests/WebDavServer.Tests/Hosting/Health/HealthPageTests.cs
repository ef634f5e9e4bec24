using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Health;

public sealed class HealthPageTests
{
    [Theory]
    [InlineData("GET", "/.webdav/health", 200)]
    [InlineData("HEAD", "/.webdav/health", 200)]
    [InlineData("GET", "/dav/.webdav/health", 200)]
    [InlineData("GET", "/.webdav/health/live", 200)]
    [InlineData("GET", "/dav/.webdav/health/live", 200)]
    [InlineData("POST", "/.webdav/health/live", 405)]
    [InlineData("PUT", "/.webdav/health", 405)]
    [InlineData("GET", "/.webdav/health/", 418)]
    [InlineData("GET", "/.webdav/operations", 418)]
    [InlineData("GET", "/.webdav-not", 418)]
    [InlineData("GET", "/.WebDav/health", 418)]
    [InlineData("GET", "/sub/.webdav/health", 418)]
    [InlineData("GET", "/davit/.webdav/health", 418)]
    public async Task Only_the_page_itself_is_answered_by_the_host(string method, string target, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(
            new Dictionary<string, string?> { ["WebDav:PathBase"] = "/dav" },
            endpoints: app => app.Run(context =>
            {
                context.Response.StatusCode = StatusCodes.Status418ImATeapot;
                return Task.CompletedTask;
            }));
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync(method, target);

        Assert.Equal(status, (await connection.ReadAsync(toHead: method == "HEAD")).Status);
    }

    [Fact]
    public async Task Health_is_json_and_comes_over_TLS_and_HTTP_2_too()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(https: true);
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/.webdav/health", UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"status":"ok","checks":{"root":"ok","database":"ok","space":"ok"}}""", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("Server"));
    }
}
