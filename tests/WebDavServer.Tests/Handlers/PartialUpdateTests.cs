using System.Security.Cryptography;
using System.Text;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>PATCH as sabre/dav defines it, and PUT with Content-Range (RFC 9110 14.5).</summary>
public sealed class PartialUpdateTests
{
    private const string Type = "Content-Type: application/x-sabredav-partialupdate";
    private const string Lock = "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Theory] // the table of sabre.io/dav/http-patch
    [InlineData("bytes=0-3", "----567890")]
    [InlineData("bytes=1-4", "1----67890")]
    [InlineData("bytes=0-", "----567890")]
    [InlineData("bytes=-4", "123456----")]
    [InlineData("bytes=-2", "12345678----")]
    [InlineData("bytes=2-", "12----7890")]
    [InlineData("bytes=12-", "1234567890\0\0----")]
    [InlineData("bytes=12-15", "1234567890\0\0----")]
    [InlineData("bytes=8-11", "12345678----")]
    [InlineData("append", "1234567890----")]
    public async Task A_part_goes_where_it_is_said_to_go(string range, string content)
    {
        await using ServerFixture server = await StartAsync("1234567890");

        RawResponse answer = await PatchAsync(server, range, "----");

        Assert.Equal(204, answer.Status);
        Assert.Equal(content, server.Tree.Read("file"));
        Assert.Equal((await server.RequestAsync("HEAD", "/file"))["ETag"], answer["ETag"]);
        Assert.Empty(Directory.GetFiles(server.Tree.At(".webdav/staging")));
    }

    [Theory]
    [InlineData("bytes=0-2", 416)]
    [InlineData("bytes=0-4", 416)]
    [InlineData("bytes=3-1", 416)]
    [InlineData("bytes=-11", 416)]
    [InlineData("bytes=9223372036854775807-", 507)]
    [InlineData("bytes=9223372036854775808-", 400)]
    [InlineData("bytes=", 400)]
    [InlineData("bytes=-", 400)]
    [InlineData("bytes=a-b", 400)]
    [InlineData("bytes=0-3,5-8", 400)]
    [InlineData("lines=0-3", 400)]
    [InlineData("", 400)]
    public async Task A_part_that_cannot_be_changes_nothing(string range, int status)
    {
        await using ServerFixture server = await StartAsync("1234567890");

        RawResponse answer = await PatchAsync(server, range, "----");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 416 && range != "bytes=3-1" ? "bytes */10" : answer["Content-Range"], answer["Content-Range"]);
        Assert.Equal("1234567890", server.Tree.Read("file"));
        Assert.Empty(Directory.GetFiles(server.Tree.At(".webdav/staging")));
    }

    [Fact]
    public async Task Without_a_range_it_is_no_request()
    {
        await using ServerFixture server = await StartAsync("old");

        Assert.Equal(400, (await server.RequestAsync("PATCH", "/file", "----", Type)).Status);
    }

    [Theory]
    [InlineData("Content-Type: application/octet-stream")]
    [InlineData("X: y")]
    public async Task Another_kind_of_patch_is_not_taken(string type)
    {
        await using ServerFixture server = await StartAsync("old");

        RawResponse answer = await server.RequestAsync("PATCH", "/file", "----", type, "X-Update-Range: append");

        Assert.Equal(415, answer.Status);
        Assert.Equal("application/x-sabredav-partialupdate", answer["Accept-Patch"]); // RFC 5789 2.2
    }

    [Theory]
    [InlineData("/none", 404)]
    [InlineData("/dir/", 405)]
    [InlineData("/", 405)]
    public async Task Only_a_file_that_is_there_can_be_changed_in_part(string target, int status)
    {
        await using ServerFixture server = await StartAsync("old");
        server.Tree.AddDirectory("dir");

        RawResponse answer = await server.RequestAsync("PATCH", target, "----", Type, "X-Update-Range: append");

        Assert.Equal(status, answer.Status);
        Assert.DoesNotContain("PATCH", (answer["Allow"] ?? "").Split(", "));
    }

    [Theory]
    [InlineData("append", "4\r\n----\r\n0\r\n\r\n", 411)]
    [InlineData("bytes=2-", "4\r\n----\r\n0\r\n\r\n", 411)]
    [InlineData("bytes=2-5", "4\r\n----\r\n0\r\n\r\n", 204)]
    [InlineData("bytes=2-5", "3\r\n---\r\n0\r\n\r\n", 416)]
    [InlineData("bytes=2-5", "5\r\n-----\r\n0\r\n\r\n", 416)]
    public async Task In_chunks_the_range_must_say_how_long_it_is(string range, string body, int status)
    {
        await using ServerFixture server = await StartAsync("1234567890");
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("PATCH", "/file", [Type, $"X-Update-Range: {range}", "Transfer-Encoding: chunked"]);
        await connection.SendAsync(body);

        Assert.Equal(status, (await connection.ReadAsync()).Status);
        Assert.Equal(status == 204 ? "12----7890" : "1234567890", server.Tree.Read("file"));
    }

    [Fact]
    public async Task Nothing_can_be_appended()
    {
        await using ServerFixture server = await StartAsync("old");

        Assert.Equal(204, (await PatchAsync(server, "append", "")).Status);
        Assert.Equal(204, (await PatchAsync(server, "bytes=5-", "")).Status);
        Assert.Equal("old", server.Tree.Read("file"));
    }

    [Theory] // RFC 9110 14.4
    [InlineData("bytes 0-3/10", "----567890")]
    [InlineData("bytes 0-3/*", "----567890")]
    [InlineData("bytes 8-11/12", "12345678----")]
    [InlineData("bytes 10-13/100", "1234567890----")]
    public async Task A_PUT_may_be_of_a_part(string range, string content)
    {
        await using ServerFixture server = await StartAsync("1234567890");

        RawResponse answer = await server.RequestAsync("PUT", "/file", "----", $"Content-Range: {range}");

        Assert.Equal(204, answer.Status);
        Assert.Equal(content, server.Tree.Read("file"));
        Assert.Equal((await server.RequestAsync("HEAD", "/file"))["ETag"], answer["ETag"]);
    }

    [Theory]
    [InlineData("bytes 11-14/15", 416)] // a gap: a part was lost on the way
    [InlineData("bytes 0-3/9", 416)] // the file is longer than it is to be
    [InlineData("bytes 0-4/10", 416)] // not the body's length
    [InlineData("bytes 0-3/3", 400)]
    [InlineData("bytes 3-0/10", 400)]
    [InlineData("bytes */10", 400)]
    [InlineData("lines 0-3/10", 400)]
    [InlineData("0-3", 400)]
    public async Task A_PUT_of_a_part_that_cannot_be_changes_nothing(string range, int status)
    {
        await using ServerFixture server = await StartAsync("1234567890");

        RawResponse answer = await server.RequestAsync("PUT", "/file", "----", $"Content-Range: {range}");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 416 ? "bytes */10" : null, answer["Content-Range"]);
        Assert.Equal("1234567890", server.Tree.Read("file"));
    }

    [Fact]
    public async Task A_file_can_be_put_part_by_part()
    {
        await using ServerFixture server = await StartAsync("");

        Assert.Equal(416, (await server.RequestAsync("PUT", "/new", "bb", "Content-Range: bytes 2-3/6")).Status);
        Assert.False(server.Tree.Has("new"));
        Assert.Equal(201, (await server.RequestAsync("PUT", "/new", "aa", "Content-Range: bytes 0-1/6")).Status);
        Assert.Equal(204, (await server.RequestAsync("PUT", "/new", "bb", "Content-Range: bytes 2-3/6")).Status);
        Assert.Equal(204, (await server.RequestAsync("PUT", "/new", "cc", "Content-Range: bytes 4-5/6")).Status);
        Assert.Equal("aabbcc", server.Tree.Read("new"));
    }

    [Fact]
    public async Task What_is_appended_at_the_same_time_is_all_there()
    {
        await using ServerFixture server = await StartAsync("");

        RawResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PatchAsync(server, "append", $"[{i:00}]")));

        Assert.All(answers, answer => Assert.Equal(204, answer.Status));
        string content = server.Tree.Read("file");
        Assert.Equal(80, content.Length);
        Assert.All(Enumerable.Range(0, 20), i => Assert.Contains($"[{i:00}]", content, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_part_of_a_large_file_leaves_the_rest_as_it_is()
    {
        byte[] content = new byte[40 * 1024 * 1024];
        new Random(1).NextBytes(content);
        await using ServerFixture server = await StartAsync("");
        await File.WriteAllBytesAsync(server.Tree.At("file"), content);
        string part = new('x', 100_000);

        Assert.Equal(204, (await PatchAsync(server, "bytes=17000001-", part)).Status);

        Encoding.ASCII.GetBytes(part).CopyTo(content, 17_000_001);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(server.Tree.At("file")))));
    }

    [Theory]
    [InlineData("PATCH", "X-Update-Range: append")]
    [InlineData("PUT", "Content-Range: bytes 0-3/*")]
    public async Task Locks_and_conditions_hold_for_parts(string method, string range)
    {
        await using ServerFixture server = await StartAsync("1234567890");
        Assert.Equal(412, (await server.RequestAsync(method, "/file", "----", Type, range, "If-Match: \"other\"")).Status);
        string token = (await server.RequestAsync("LOCK", "/file", Lock, "Depth: 0"))["Lock-Token"]!;

        Assert.Equal(423, (await server.RequestAsync(method, "/file", "----", Type, range)).Status);
        Assert.Equal("1234567890", server.Tree.Read("file"));
        Assert.Equal(204, (await server.RequestAsync(method, "/file", "----", Type, range, $"If: ({token})")).Status);
    }

    [Fact]
    public async Task A_part_that_is_cut_off_changes_nothing()
    {
        await using ServerFixture server = await StartAsync("1234567890");
        await using (RawConnection connection = await server.ConnectAsync())
        {
            await connection.SendRequestAsync("PATCH", "/file", [Type, "X-Update-Range: bytes=0-9", "Content-Length: 10"]);
            await connection.SendAsync("-----");
        }

        await WaitUntilAsync(() => Directory.GetFiles(server.Tree.At(".webdav/staging")).Length == 0);
        Assert.Equal("1234567890", server.Tree.Read("file"));
    }

    [Fact]
    public async Task A_refused_part_costs_no_upload()
    {
        await using ServerFixture server = await StartAsync("1234567890");
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("PATCH", "/file", [Type, "X-Update-Range: bytes=-11", "Content-Length: 4", "Expect: 100-continue"]);

        Assert.Equal(416, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task The_time_of_the_part_can_be_set()
    {
        await using ServerFixture server = await StartAsync("old");

        RawResponse answer = await server.RequestAsync("PATCH", "/file", "-", Type, "X-Update-Range: append", "X-OC-Mtime: 1600000000");

        Assert.Equal("accepted", answer["X-OC-MTime"]);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_600_000_000).UtcDateTime, File.GetLastWriteTimeUtc(server.Tree.At("file")));
    }

    [Fact]
    public async Task The_server_says_what_it_takes()
    {
        await using ServerFixture server = await StartAsync("old");

        RawResponse file = await server.RequestAsync("OPTIONS", "/file");
        Assert.Contains("PATCH", file["Allow"]!.Split(", "));
        Assert.Contains("sabredav-partialupdate", file["DAV"]!.Split(", "));
        Assert.Equal("application/x-sabredav-partialupdate", file["Accept-Patch"]); // RFC 5789 3.1

        RawResponse root = await server.RequestAsync("OPTIONS", "/");
        Assert.DoesNotContain("PATCH", root["Allow"]!.Split(", "));
        Assert.Contains("sabredav-partialupdate", root["DAV"]!.Split(", ")); // where webdavfs looks for it
        Assert.Null(root["Accept-Patch"]);
    }

    [Fact]
    public async Task A_server_for_reading_takes_no_part()
    {
        TempTree tree = new();
        tree.AddFile("file", "old");
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:ReadOnly"] = "true" }, tree: tree);

        Assert.Equal(403, (await PatchAsync(server, "append", "-")).Status);
        Assert.Equal("old", tree.Read("file"));
    }

    private static Task<RawResponse> PatchAsync(ServerFixture server, string range, string body) =>
        server.RequestAsync("PATCH", "/file", body, Type, $"X-Update-Range: {range}");

    private static async Task<ServerFixture> StartAsync(string content)
    {
        ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", content);
        return server;
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 1000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(condition());
    }
}
