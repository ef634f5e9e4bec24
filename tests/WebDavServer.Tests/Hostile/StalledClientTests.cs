using Microsoft.Extensions.DependencyInjection;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>Clients that stop in the middle of a body, and clients that are only slow (<c>Limits:BodyTimeout</c>).</summary>
public sealed class StalledClientTests
{
    private const int Large = 64 * 1024 * 1024; // more than the buffers between server and client hold
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Almost = Bound - TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("PUT", "Content-Length: 10", "12345")]
    [InlineData("PUT", "Content-Length: 10", "")]
    [InlineData("PUT", "Transfer-Encoding: chunked", "5\r\n12345\r\n")]
    [InlineData("PROPFIND", "Content-Length: 100", "<propfind ")]
    [InlineData("MKCOL", "Transfer-Encoding: chunked", "")]
    public async Task An_idle_upload_is_ended(string method, string length, string sent)
    {
        await using ServerFixture server = await StartAsync();
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync(method, method == "PROPFIND" ? "/" : "/new", [length]);
        await connection.SendAsync(sent);

        await _time.WaitForTimerAsync(Bound);
        _time.Advance(Almost);
        Assert.Empty(server.Log.Requests);
        _time.Advance(Bound - Almost);

        RawResponse answer = await connection.ReadAsync();
        Assert.Equal((408, "close"), (answer.Status, answer["Connection"]));
        Assert.True(await connection.IsClosedAsync());
        await CheckNothingIsLeftAsync(server);
    }

    [Fact]
    public async Task An_idle_upload_over_HTTP_2_is_ended()
    {
        await using ServerFixture server = await StartAsync();
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);
        int stream = await connection.SendRequestAsync("PUT", "/new", hasBody: true, ("content-length", "10"));
        await connection.SendAsync(Http2Frame.Write(Http2Frame.Data, 0, stream, "12345"u8));

        await _time.WaitForTimerAsync(Bound);
        _time.Advance(Bound);

        Assert.Equal(408, (await connection.ReadResponseAsync(stream)).Status);
        await CheckNothingIsLeftAsync(server);
    }

    [Fact]
    public async Task A_slow_upload_may_last_as_long_as_it_likes()
    {
        await using ServerFixture server = await StartAsync();
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync("PUT", "/new", ["Content-Length: 5"]);

        foreach (char letter in "slowl")
        {
            await _time.WaitForTimerAsync(Bound);
            _time.Advance(Almost);
            await connection.SendAsync(letter.ToString());
        }

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.Equal("slowl", server.Tree.Read("new"));
    }

    [Fact]
    public async Task A_slow_upload_over_HTTP_2_may_last_as_long_as_it_likes()
    {
        await using ServerFixture server = await StartAsync();
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);
        int stream = await connection.SendRequestAsync("PUT", "/new", hasBody: true);

        foreach (byte letter in "slow"u8.ToArray())
        {
            await _time.WaitForTimerAsync(Bound);
            _time.Advance(Almost);
            await connection.SendAsync(Http2Frame.Write(Http2Frame.Data, 0, stream, [letter]));
        }

        await connection.SendAsync(Http2Frame.Write(Http2Frame.Data, 0x1, stream, []));
        Assert.Equal(201, (await connection.ReadResponseAsync(stream)).Status);
        Assert.Equal("slow", server.Tree.Read("new"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_answer_is_broken_off()
    {
        await using ServerFixture server = await StartAsync(Large);
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync("GET", "/large");

        await connection.WaitUntilFullAsync();
        await _time.WaitForTimerAsync(Bound);
        _time.Advance(Almost);
        Assert.Empty(server.Log.Requests);
        _time.Advance(Bound - Almost);

        await CheckReasonAsync(server, "the client took nothing of the answer for 00:02:00 (Limits:BodyTimeout)");
        await connection.ReadAsync(toHead: true);
        await Assert.ThrowsAnyAsync<IOException>(() => connection.ReadBytesAsync(Large)); // it cannot be taken for the whole file
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_answer_over_HTTP_2_is_broken_off()
    {
        await using ServerFixture server = await StartAsync(Large);
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address, opensWindow: false);
        await connection.SendRequestAsync("GET", "/large");

        await _time.WaitForTimerAsync(Bound);
        _time.Advance(Bound);

        await CheckReasonAsync(server, "the client took nothing of the answer for 00:02:00 (Limits:BodyTimeout)");
    }

    [Fact]
    public async Task A_slow_download_may_last_as_long_as_it_likes()
    {
        await using ServerFixture server = await StartAsync(Large);
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync("GET", "/large");
        RawResponse head = await connection.ReadAsync(toHead: true);
        int left = int.Parse(head["Content-Length"]!);

        for (int i = 0; i < 4; i++)
        {
            await _time.WaitForTimerAsync(Bound);
            _time.Advance(Almost);
            left -= (await connection.ReadBytesAsync(8 * 1024 * 1024)).Length;
        }

        await connection.ReadBytesAsync(left);
        await connection.SendRequestAsync("OPTIONS", "/");
        Assert.Equal(200, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task How_long_is_too_long_can_be_set()
    {
        await using ServerFixture server = await StartAsync(settings: new() { ["Limits:BodyTimeout"] = "00:00:07" });
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync("PUT", "/new", ["Content-Length: 5"]);

        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(408, (await connection.ReadAsync()).Status);
    }

    private async Task<ServerFixture> StartAsync(int large = 0, Dictionary<string, string?>? settings = null)
    {
        TempTree tree = new();
        using (FileStream file = File.Create(tree.At("large")))
        {
            file.SetLength(large);
        }

        return await ServerFixture.StartAsync(settings, services: services => services.AddSingleton<TimeProvider>(_time), tree: tree);
    }

    private static async Task CheckNothingIsLeftAsync(ServerFixture server)
    {
        await CheckReasonAsync(server, "the client sent nothing of the body for 00:02:00 (Limits:BodyTimeout)");
        Assert.Equal(["large="], server.Tree.List());
        Assert.Empty(Directory.GetFileSystemEntries(server.Tree.At(".webdav/staging")));
    }

    private static async Task CheckReasonAsync(ServerFixture server, string reason) =>
        Assert.EndsWith(": " + reason, Assert.Single(await server.Log.WaitForRequestsAsync()).Text, StringComparison.Ordinal);
}
