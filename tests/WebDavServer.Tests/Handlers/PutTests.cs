using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class PutTests
{
    [Theory]
    [InlineData("content")]
    [InlineData("")]
    public async Task A_new_file_is_created_and_an_old_one_replaced(string content)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse created = await server.AskAsync("PUT", "/file", body: content);
        Assert.Equal(201, created.Status);
        Assert.Equal([$"file={content}"], server.Tree.List());
        Assert.Equal((await server.AskAsync("HEAD", "/file"))["ETag"], created["ETag"]);

        RawResponse replaced = await server.AskAsync("PUT", "/file", body: content);
        Assert.Equal(204, replaced.Status);
        Assert.Equal([$"file={content}"], server.Tree.List());
        Assert.Equal((await server.AskAsync("HEAD", "/file"))["ETag"], replaced["ETag"]);
        Assert.NotEqual(created["ETag"], replaced["ETag"]);
    }

    [Fact]
    public async Task A_longer_file_is_replaced_and_not_written_over()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "long content");

        Assert.Equal(204, await server.StatusAsync("PUT", "/file", body: "new"));

        Assert.Equal(["file=new"], server.Tree.List());
    }

    [Theory]
    [InlineData("3\r\nabc\r\n4;name=value\r\ndefg\r\n0\r\n\r\n", "abcdefg")]
    [InlineData("0\r\n\r\n", "")]
    public async Task A_chunked_body_is_content_like_any_other(string chunks, string content)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("PUT", "/file", ["Transfer-Encoding: chunked"]);
        await connection.SendAsync(chunks);

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.Equal([$"file={content}"], server.Tree.List());
    }

    [Theory]
    [InlineData("7", 204)]
    [InlineData("6", 400)]
    [InlineData("8", 400)]
    [InlineData("0", 400)]
    [InlineData("", 400)]
    [InlineData("-1", 400)]
    [InlineData("seven", 400)]
    public async Task A_chunked_body_is_as_long_as_it_was_said_to_be(string expected, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("PUT", "/file", ["Transfer-Encoding: chunked", $"X-Expected-Entity-Length: {expected}"]);
        await connection.SendAsync("3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");

        Assert.Equal(status, (await connection.ReadAsync()).Status);
        Assert.Equal([status == 204 ? "file=abcdefg" : "file=old"], server.Tree.List());
        Assert.Empty(Staged(server));
    }

    [Fact]
    public async Task A_large_body_arrives_byte_for_byte()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        byte[] content = new byte[5_000_001];
        new Random(1).NextBytes(content);

        using HttpResponseMessage response = await server.Client.PutAsync(new Uri("/file", UriKind.Relative), new ByteArrayContent(content));

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal(content, await File.ReadAllBytesAsync(server.Tree.At("file")));
    }

    [Theory] // RFC 9110 13.1; {0} is the file's entity tag
    [InlineData("/file", "If-Match: {0}", 204)]
    [InlineData("/file", "If-Match: *", 204)]
    [InlineData("/file", "If-None-Match: \"other\"", 204)]
    [InlineData("/file", "If-Match: \"stale\"", 412)]
    [InlineData("/file", "If-Match: W/{0}", 412)]
    [InlineData("/file", "If-None-Match: *", 412)]
    [InlineData("/file", "If-None-Match: {0}", 412)]
    [InlineData("/file", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 412)]
    [InlineData("/file", "If: ([{0}])", 204)] // RFC 4918 10.4
    [InlineData("/file", "If: ([\"stale\"])", 412)]
    [InlineData("/file", "If: (<urn:uuid:00000000-0000-0000-0000-000000000000>)", 412)]
    [InlineData("/file", "If: (Not <DAV:no-lock>)", 204)]
    [InlineData("/new", "If-None-Match: *", 201)]
    [InlineData("/new", "If-Match: *", 412)]
    [InlineData("/new", "If-Match: \"stale\"", 412)]
    public async Task Conditions_keep_a_client_from_writing_over_what_it_has_not_seen(string target, string condition, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        string etag = (await server.AskAsync("HEAD", "/file"))["ETag"]!;

        Assert.Equal(status, await server.StatusAsync("PUT", target, [condition.Replace("{0}", etag, StringComparison.Ordinal)], "new"));

        Assert.Equal(status switch { 201 => ["file=old", "new=new"], 204 => ["file=new"], _ => ["file=old"] }, server.Tree.List());
    }

    [Theory]
    [InlineData("/file", "Content-Range: bytes 0-2/10", 416)] // RFC 9110 14.5
    [InlineData("/dir", null, 405)] // RFC 4918 9.7.2
    [InlineData("/dir/", null, 405)]
    [InlineData("/", null, 405)]
    [InlineData("/missing/file", null, 409)] // RFC 4918 9.7.1
    [InlineData("/file/member", null, 409)]
    [InlineData("/new/", null, 409)]
    [InlineData("/file", "X-OC-Mtime: yesterday", 400)]
    [InlineData("/file", "If-Match: \"stale\"", 412)]
    [InlineData("/file", "If: (<urn:uuid:00000000-0000-0000-0000-000000000000>)", 412)]
    [InlineData("/locked", null, 423)]
    public async Task What_is_refused_costs_no_upload_and_changes_nothing(string target, string? field, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        server.Tree.AddFile("locked", "old");
        server.Tree.AddFile("dir/member", "old");
        string lockInfo = "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";
        Assert.Equal(200, await server.StatusAsync("LOCK", "/locked", body: lockInfo));
        IReadOnlyList<string> before = server.Tree.List();
        await using RawConnection connection = await server.ConnectAsync();

        string[] header = ["Expect: 100-continue", "Content-Length: 5", .. field is null ? Array.Empty<string>() : [field]];
        await connection.SendRequestAsync("PUT", target, header);
        RawResponse first = await connection.ReadAsync();

        Assert.Equal(status, first.Status); // and no 100 before it, RFC 9110 10.1.1
        Assert.Equal(before, server.Tree.List());
        Assert.Empty(Staged(server));
        Assert.Equal(status == 405 ? "OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK" : null, first["Allow"]);
    }

    [Fact]
    public async Task A_client_that_asks_is_told_to_go_on()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("PUT", "/file", ["Expect: 100-continue", "Content-Length: 5"]);
        Assert.Equal(100, (await connection.ReadAsync()).Status);
        await connection.SendAsync("hello");

        Assert.Equal(201, (await connection.ReadAsync()).Status);
        Assert.Equal(["file=hello"], server.Tree.List());
    }

    [Theory]
    [InlineData("1600000000", "Sun, 13 Sep 2020 12:26:40 GMT")]
    [InlineData("1600000000.75", "Sun, 13 Sep 2020 12:26:40 GMT")]
    [InlineData("0", "Thu, 01 Jan 1970 00:00:00 GMT")]
    public async Task A_file_keeps_the_time_its_client_gives_it(string seconds, string modified)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse response = await server.AskAsync("PUT", "/file", [$"X-OC-Mtime: {seconds}"], "content");

        Assert.Equal(201, response.Status);
        Assert.Equal("accepted", response["X-OC-MTime"]);
        RawResponse head = await server.AskAsync("HEAD", "/file");
        Assert.Equal(modified, head["Last-Modified"]);
        Assert.Equal(response["ETag"], head["ETag"]);
    }

    [Fact]
    public async Task A_file_without_a_time_of_its_own_is_not_told_that_it_was_accepted()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Null((await server.AskAsync("PUT", "/file", body: "content"))["X-OC-MTime"]);
    }

    [Theory]
    [InlineData("Content-Length: 100000", "half of it")]
    [InlineData("Transfer-Encoding: chunked", "a\r\nhalf of it\r\n")]
    [InlineData("Transfer-Encoding: chunked", "ff\r\nhalf of it")]
    public async Task A_client_that_goes_away_half_way_leaves_the_old_file(string field, string part)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        await using (RawConnection connection = await server.ConnectAsync())
        {
            await connection.SendRequestAsync("PUT", "/file", ["Expect: 100-continue", field]);
            Assert.Equal(100, (await connection.ReadAsync()).Status); // the upload has begun
            await connection.SendAsync(part);
        }

        LogLine line = Assert.Single(await server.Log.WaitForRequestsAsync()); // the request has ended

        Assert.Matches(" from 127\\.0\\.0\\.1: .+", line.Text);
        Assert.Equal(["file=old"], server.Tree.List());
        Assert.Empty(Staged(server));
        Assert.Equal(204, await server.StatusAsync("PUT", "/file", body: "new")); // nothing is held by the one that went
    }

    [Fact]
    public async Task A_broken_chunk_leaves_the_old_file()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("PUT", "/file", ["Transfer-Encoding: chunked"]);
        await connection.SendAsync("3\r\nnew\r\nno chunk\r\n");

        Assert.Equal(400, (await connection.ReadAsync()).Status);
        Assert.Equal(["file=old"], server.Tree.List());
        Assert.Empty(Staged(server));
    }

    [Fact]
    public async Task Two_at_once_end_with_one_whole_content()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        string[] contents = [new('a', 300_000), new('b', 400_000)];
        for (int round = 0; round < 10; round++)
        {
            int[] statuses = await Task.WhenAll(contents.Select(content => server.StatusAsync("PUT", "/file", body: content)));

            Assert.All(statuses, status => Assert.True(status is 201 or 204));
            Assert.Equal(round == 0 ? 1 : 0, statuses.Count(status => status == 201));
            Assert.Contains(server.Tree.Read("file"), contents);
        }

        Assert.Empty(Staged(server));
    }

    [Fact]
    public async Task A_reader_of_the_old_file_gets_all_of_it()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        string old = new('a', 20_000_000); // more than fits into the buffers between
        server.Tree.AddFile("file", old);
        using HttpResponseMessage reading = await server.Client.GetAsync(new Uri("/file", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(204, await server.StatusAsync("PUT", "/file", body: "new"));

        Assert.True(old == await reading.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_link_stays_and_the_file_it_points_to_gets_the_content()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "old");
        File.CreateSymbolicLink(server.Tree.At("link"), "dir/file");

        RawResponse response = await server.AskAsync("PUT", "/link", body: "new");

        Assert.Equal(204, response.Status);
        Assert.Equal(["dir/", "dir/file=new", "link->dir/file"], server.Tree.List());
        Assert.Equal(response["ETag"], (await server.AskAsync("HEAD", "/link"))["ETag"]);
    }

    [Fact]
    public async Task What_is_no_resource_is_not_replaced()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        Shell.Run(server.Tree.Root, "mkfifo pipe; ln -s /tmp/nowhere/file outside");

        Assert.Equal(403, await server.StatusAsync("PUT", "/pipe", body: "new"));
        Assert.Equal(403, await server.StatusAsync("PUT", "/outside", body: "new"));

        Shell.Run(server.Tree.Root, "test -p pipe && test -L outside");
    }

    [Fact]
    public async Task Properties_stay_with_the_file_and_do_not_come_back_with_its_name()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        await server.SetNoteAsync("/file", "mine");

        Assert.Equal(204, await server.StatusAsync("PUT", "/file", body: "new"));
        Assert.Equal("mine", await server.NoteOfAsync("/file"));

        File.Delete(server.Tree.At("file")); // behind the server's back
        Assert.Equal(201, await server.StatusAsync("PUT", "/file", body: "other"));
        Assert.Null(await server.NoteOfAsync("/file"));
    }

    private static string[] Staged(ServerFixture server) => Directory.GetFileSystemEntries(server.Tree.At(".webdav/staging"));
}
