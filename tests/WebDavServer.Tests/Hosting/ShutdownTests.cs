using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

public sealed class ShutdownTests
{
    [Fact]
    public async Task An_upload_that_outlasts_the_wait_is_broken_off_and_leaves_nothing()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["Operations:ShutdownWait"] = "00:00:00.1" });
        server.Tree.AddFile("file", "as it was");
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendAsync("PUT /file HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nthe beginning");
        Assert.True(await StagedAsync(server, count: 1));

        await server.StopAsync();

        Assert.True(await StagedAsync(server, count: 0));
        Assert.Equal(["file=as it was"], server.Tree.List());
        Assert.EndsWith(": the server ended first", Assert.Single(await server.Log.WaitForRequestsAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_ends_within_the_wait_is_whole()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendAsync("PUT /file HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nthe ");
        Assert.True(await StagedAsync(server, count: 1));

        Task stopping = server.StopAsync();
        await connection.SendAsync("whole");

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        await stopping;
        Assert.Equal(["file=the whole"], server.Tree.List());
    }

    private static async Task<bool> StagedAsync(ServerFixture server, int count)
    {
        string staging = server.Tree.At(".webdav/staging");
        for (int i = 0; i < 1000 && Files() != count; i++)
        {
            await Task.Delay(10);
        }

        return Files() == count;

        int Files() => Directory.GetFiles(staging, "*", SearchOption.AllDirectories).Length;
    }
}
