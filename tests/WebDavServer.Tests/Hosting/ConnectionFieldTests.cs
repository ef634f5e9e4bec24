using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

/// <summary>What is left of <c>Connection</c> (RFC 9110 7.6.1) when a request is answered, and what becomes of the connection.</summary>
public sealed class ConnectionFieldTests
{
    [Theory]
    [InlineData("Keep-Alive, 102-Processing", "102-Processing", true)]
    [InlineData("102-processing,keep-alive", "102-processing", true)]
    [InlineData("102-Processing", "102-Processing", true)]
    [InlineData("TE, 102-Processing", "TE, 102-Processing", true)]
    [InlineData("close, 102-Processing", "close, 102-Processing, keep-alive", false)]
    [InlineData("keep-alive, 102-Processing, close", "102-Processing, close, keep-alive", false)]
    [InlineData("keep-alive", "keep-alive", true)]
    [InlineData("Close", "close", false)]
    [InlineData("TE", "TE", true)]
    [InlineData("", "", true)]
    public async Task The_option_is_still_there_and_the_others_mean_what_they_did(string sent, string seen, bool kept)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(
            endpoints: app => app.Run(context => context.Response.WriteAsync($"[{context.Request.Headers.Connection}]")));
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("GET", "/", [$"Connection: {sent}"]);
        Assert.Equal($"[{seen}]", (await connection.ReadAsync()).Text);
        if (kept)
        {
            await connection.SendRequestAsync("GET", "/", [$"Connection: {sent}"]);
            Assert.Equal($"[{seen}]", (await connection.ReadAsync()).Text);
        }
        else
        {
            Assert.True(await connection.IsClosedAsync());
        }
    }

    [Theory]
    [InlineData("keep-alive\0")]
    [InlineData("\uFFFD\0102-Processing")]
    public async Task A_field_that_is_none_is_refused(string sent)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(_ => Task.CompletedTask));

        Assert.Equal(400, await server.StatusAsync("GET", "/", [$"Connection: {sent}"]));
    }
}
