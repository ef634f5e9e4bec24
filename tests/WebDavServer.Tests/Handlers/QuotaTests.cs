using System.Globalization;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Handlers.Requests;

namespace WebDavServer.Tests.Handlers;

/// <summary>RFC 4331, and the names that Apple's webdavfs asked for before it.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task A_collection_tells_the_room_on_its_disk()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        long available = await NumberAsync(server, "quota-available-bytes");
        long used = await NumberAsync(server, "quota-used-bytes");
        long blocks = await NumberAsync(server, "quota");
        long usedBlocks = await NumberAsync(server, "quotaused");

        Assert.True(available > 0 && used > 0);
        Assert.InRange(blocks * 512, (available + used) / 2, (available + used) * 2); // other programs write meanwhile
        Assert.InRange(usedBlocks * 512, used / 2, used * 2);
        Assert.True(usedBlocks < blocks);
    }

    [Fact] // RFC 4331 2
    public async Task It_is_told_only_when_it_is_asked_for_by_name()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file");

        Assert.DoesNotContain(await server.AllPropAsync("/"), name => name.LocalName.StartsWith("quota", StringComparison.Ordinal));
        Assert.Null(await server.PropertyAsync("/file", Dav + "quota"));
    }

    [Theory]
    [InlineData("quota-available-bytes")]
    [InlineData("quota")]
    public async Task It_is_protected(string name)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(403, (await server.SetAsync("/", $"<D:{name}>1</D:{name}>")).Statuses()[Dav + name]);
    }

    [Theory] // RFC 4331 6; macOS sends chunks and says their sum beforehand
    [InlineData("PUT", "Content-Length: 1000000000000000000")]
    [InlineData("PUT", "Transfer-Encoding: chunked\r\nX-Expected-Entity-Length: 1000000000000000000")]
    [InlineData("PATCH", "Content-Length: 1000000000000000000\r\nX-Update-Range: append\r\nContent-Type: application/x-sabredav-partialupdate")]
    [InlineData("PATCH", "Content-Length: 1\r\nX-Update-Range: bytes=1000000000000000000-\r\nContent-Type: application/x-sabredav-partialupdate\r\n\r\nx")]
    public async Task What_is_larger_than_the_room_is_refused(string method, string header)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        await using RawConnection connection = await server.ConnectAsync();

        bool whole = header.EndsWith('x');
        await connection.SendAsync($"{method} /file HTTP/1.1\r\nHost: localhost\r\n{(whole ? "" : "Expect: 100-continue\r\n")}{header}{(whole ? "" : "\r\n\r\n")}");
        RawResponse answer = await connection.ReadAsync(); // the first: no 100 comes before it

        Assert.Equal(507, answer.Status);
        Assert.Equal("sufficient-disk-space", answer.FailedCondition());
        Assert.Equal("old", server.Tree.Read("file"));
    }

    private static async Task<long> NumberAsync(ServerFixture server, string name) =>
        long.Parse((await server.PropertyAsync("/", Dav + name))!, NumberStyles.None, CultureInfo.InvariantCulture);
}
