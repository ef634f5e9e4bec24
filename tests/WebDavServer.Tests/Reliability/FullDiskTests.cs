using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>A disk that is full in truth, and has room again.</summary>
public sealed class FullDiskTests
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    private static readonly string Old = new('o', 1_000_000);
    private static readonly string New = new('n', 3_000_000);

    [Fact]
    public async Task A_full_disk_truncates_nothing_and_is_told_until_there_is_room_again()
    {
        using SmallDisk disk = new(megabytes: 12);
        using TempTree state = new();
        await using ServerFixture server = await ServerFixture.StartAsync(
            new Dictionary<string, string?> { ["WebDav:Root"] = disk.Root, ["WebDav:StateDirectory"] = state.Root });
        Assert.Equal(201, await server.StatusAsync("MKCOL", "/tree"));
        Assert.Equal(201, await server.StatusAsync("PUT", "/tree/old", body: Old));
        disk.Fill(butFor: 500_000);

        RawResponse announced = await server.AskAsync("PUT", "/tree/old", body: New);
        Assert.Equal((507, "sufficient-disk-space"), (announced.Status, announced.Condition()));
        using (HttpRequestMessage chunked = new(HttpMethod.Put, "/tree/old") { Content = new StreamContent(new MemoryStream(new byte[3_000_000])) })
        {
            chunked.Headers.TransferEncodingChunked = true;
            using HttpResponseMessage answer = await server.Client.SendAsync(chunked, TestContext.Current.CancellationToken);
            Assert.Equal(507, (int)answer.StatusCode);
        }

        Assert.Equal(507, await server.StatusAsync("PUT", "/new", body: New));
        Assert.Equal(507, await server.StatusAsync("PATCH", "/tree/old", ["Content-Type: application/x-sabredav-partialupdate", "X-Update-Range: append"], New));
        Assert.Equal(507, await server.StatusAsync("COPY", "/tree/old", ["Destination: /copy"]));
        Assert.Equal(507, await server.StatusAsync("COPY", "/tree", ["Destination: /copy"]));
        Assert.Equal(Old, (await server.AskAsync("GET", "/tree/old")).Text);
        Assert.Equal(["/", "/filler", "/tree/"], await MembersAsync(server));
        Assert.Equal(["filler", "tree"], Directory.GetFileSystemEntries(disk.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(state.At("staging")));
        Assert.Equal(201, await server.StatusAsync("MOVE", "/tree", ["Destination: /moved"])); // needs no room

        disk.Free();
        Assert.Equal(201, await server.StatusAsync("COPY", "/moved", ["Destination: /copy"]));
        Assert.Equal(204, await server.StatusAsync("PUT", "/moved/old", body: New));
        Assert.Equal(Old, (await server.AskAsync("GET", "/copy/old")).Text);
        Assert.Equal(New, (await server.AskAsync("GET", "/moved/old")).Text);
    }

    [Fact]
    public async Task A_full_state_directory_refuses_what_would_have_to_be_kept_and_nothing_else()
    {
        using SmallDisk state = new(megabytes: 4);
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:StateDirectory"] = state.Root });
        server.Tree.AddFile("file", "old");
        server.Tree.AddFile("gone", "old");
        server.Tree.AddFile("moved", "old");
        await server.SetNoteAsync("/file", "kept");
        await server.SetNoteAsync("/gone", "of what is gone");
        await server.SetNoteAsync("/moved", "moved");
        await FillAsync(server, state);

        Assert.Equal(507, await server.StatusAsync("LOCK", "/file", body: LockInfo));
        Assert.Equal(507, await server.StatusAsync("LOCK", "/unmapped", body: LockInfo));
        Assert.False(server.Tree.Has("unmapped"));
        RawResponse refused = await ProposeAsync(server);
        Assert.Equal((507, "sufficient-disk-space"), (refused.Status, refused.Condition()));
        Assert.Equal(507, await server.StatusAsync("COPY", "/file", ["Destination: /copy"]));
        Assert.Equal(507, await server.StatusAsync("MOVE", "/moved", ["Destination: /there"]));
        Assert.False(server.Tree.Has("copy") || server.Tree.Has("there"));

        Assert.Equal("kept", await server.NoteOfAsync("/file"));
        Assert.Equal("old", (await server.AskAsync("GET", "/file")).Text);
        Assert.Equal(507, await server.StatusAsync("PUT", "/file", body: "new")); // where its unfinished content lies could not be noted
        Assert.Equal("old", server.Tree.Read("file"));
        Assert.Equal(204, await server.StatusAsync("DELETE", "/gone"));

        state.Free();
        Assert.Equal(200, await server.StatusAsync("LOCK", "/file", body: LockInfo));
        Assert.Equal(201, await server.StatusAsync("MOVE", "/moved", ["Destination: /there"]));
        Assert.Equal("moved", await server.NoteOfAsync("/there"));
        Assert.Equal(201, await server.StatusAsync("PUT", "/gone", body: "another"));
        Assert.Null(await server.NoteOfAsync("/gone"));
        Assert.Equal(207, (await ProposeAsync(server, "/there")).Status);
    }

    // The log has room of its own, which it uses again: written to until that is full, too.
    private static async Task FillAsync(ServerFixture server, SmallDisk state)
    {
        for (int i = 0; i < 100; i++)
        {
            state.Fill();
            if ((await ProposeAsync(server)).Status == 507)
            {
                return;
            }
        }

        Assert.Fail("the state directory is never full");
    }

    private static Task<RawResponse> ProposeAsync(ServerFixture server, string path = "/moved") => server.AskAsync(
        "PROPPATCH",
        path,
        body: $"<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><big xmlns='urn:test'>{new string('b', 50_000)}</big></D:prop></D:set></D:propertyupdate>");

    private static async Task<string[]> MembersAsync(ServerFixture server) =>
        [.. MultiStatus.Of(await server.AskAsync("PROPFIND", "/", ["Depth: 1"])).Hrefs.Order(StringComparer.Ordinal)];
}
