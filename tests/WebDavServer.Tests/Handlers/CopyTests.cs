using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class CopyTests
{
    private static readonly DateTime LongAgo = new(2020, 9, 13, 12, 26, 40, DateTimeKind.Utc);

    [Theory] // RFC 4918 9.8.3
    [InlineData("/dir")]
    [InlineData("/dir/")]
    public async Task Depth_zero_copies_a_collection_without_its_members(string source)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        await server.SetNoteAsync("/dir/", "collection");
        await server.SetNoteAsync("/dir/file", "file");

        Assert.Equal(201, await server.StatusAsync("COPY", source, ["Destination: /new", "Depth: 0"]));

        Assert.Equal(["dir/", "dir/file=content", "new/"], server.Tree.List());
        Assert.Equal("collection", await server.NoteOfAsync("/new/"));
        server.Tree.AddFile("new/file", "another");
        Assert.Null(await server.NoteOfAsync("/new/file"));
    }

    [Fact]
    public async Task Depth_zero_replaces_a_collection_whole()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        server.Tree.AddFile("old/member", "old");

        Assert.Equal(204, await server.StatusAsync("COPY", "/dir", ["Destination: /old", "Depth: 0"]));

        Assert.Equal(["dir/", "dir/file=content", "old/"], server.Tree.List());
    }

    [Fact]
    public async Task The_depth_of_a_file_means_nothing()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");

        Assert.Equal(201, await server.StatusAsync("COPY", "/file", ["Destination: /new", "Depth: 0"]));

        Assert.Equal(["file=content", "new=content"], server.Tree.List());
    }

    [Fact]
    public async Task A_copy_is_a_new_resource_with_a_time_and_an_entity_tag_of_its_own()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        File.SetLastWriteTimeUtc(server.Tree.AddFile("file", "content"), LongAgo);
        RawResponse source = await server.AskAsync("HEAD", "/file");

        Assert.Equal(201, await server.StatusAsync("COPY", "/file", ["Destination: /new"]));

        RawResponse copy = await server.AskAsync("HEAD", "/new");
        Assert.NotEqual(source["ETag"], copy["ETag"]);
        Assert.NotEqual(source["Last-Modified"], copy["Last-Modified"]);
        Assert.Equal(source["ETag"], (await server.AskAsync("HEAD", "/file"))["ETag"]);
    }

    [Fact]
    public async Task A_link_is_copied_as_what_it_points_to()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        Directory.CreateSymbolicLink(server.Tree.At("link"), "dir");

        Assert.Equal(201, await server.StatusAsync("COPY", "/link", ["Destination: /new"]));

        Assert.Equal(["dir/", "dir/file=content", "link->dir", "new/", "new/file=content"], server.Tree.List());
    }

    [Fact]
    public async Task A_tree_is_copied_without_what_is_no_resource()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        Shell.Run(server.Tree.At("dir"), "mkfifo pipe; ln -s nowhere broken; ln -s /etc outside");

        Assert.Equal(201, await server.StatusAsync("COPY", "/dir", ["Destination: /new"]));

        Assert.Equal(["file=content"], server.Tree.List("new"));
    }

    [Fact]
    public async Task A_link_that_leads_back_into_its_collection_fails_alone()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/a", "a");
        server.Tree.AddFile("dir/z", "z");
        Directory.CreateSymbolicLink(server.Tree.At("dir/loop"), "../dir");

        MultiStatus failures = MultiStatus.Of(await server.AskAsync("COPY", "/dir", ["Destination: /new"]));

        Assert.Equal(["/dir/loop/"], failures.Hrefs);
        Assert.Equal(508, failures.Status("/dir/loop/")); // RFC 5842 7.2
        Assert.Contains("a=a", server.Tree.List("new"));
        Assert.Contains("z=z", server.Tree.List("new"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cannot_be_copied_is_told_and_replaces_nothing(bool occupied)
    {
        TempTree tree = new();
        tree.AddFile("dir/a", "a");
        tree.AddFile("dir/closed/secret", "secret");
        tree.AddFile("dir/z", "z");
        if (occupied)
        {
            tree.AddFile("new/old", "old");
        }

        await using ServerFixture server = await ServerFixture.StartAsync(
            services: services => StoreWrapper.AddTo(services, store => new UnlistableStore(store, "closed")), tree: tree);

        MultiStatus failures = MultiStatus.Of(await server.AskAsync("COPY", "/dir", ["Destination: /new"])); // RFC 4918 9.8.5

        Assert.Equal(403, failures.Status("/dir/closed/"));
        Assert.Equal(occupied ? ["/dir/closed/", "/new/"] : new[] { "/dir/closed/" }, failures.Hrefs);
        Assert.Equal(occupied ? ["old=old"] : new[] { "a=a", "closed/", "z=z" }, server.Tree.List("new"));
        Assert.Empty(Directory.GetFileSystemEntries(server.Tree.At(".webdav/staging")));
    }

    [Theory]
    [InlineData("closed")] // cannot be listed
    [InlineData("loop")] // leads back into the collection
    public async Task The_siblings_of_what_cannot_be_copied_arrive_whole(string broken)
    {
        TempTree tree = new();
        string[] members = [.. Enumerable.Range(0, 10).Select(i => $"sub{i}/leaf=leaf")];
        foreach (string member in members)
        {
            tree.AddFile($"dir/{member.Split('=')[0]}", "leaf");
        }

        if (broken == "loop")
        {
            Directory.CreateSymbolicLink(tree.At("dir/loop"), ".");
        }
        else
        {
            tree.AddDirectory("dir/closed");
        }

        await using ServerFixture server = await ServerFixture.StartAsync(
            services: services => StoreWrapper.AddTo(services, store => new UnlistableStore(store, "closed")), tree: tree);

        MultiStatus failures = MultiStatus.Of(await server.AskAsync("COPY", "/dir", ["Destination: /new"]));

        Assert.Equal([$"/dir/{broken}/"], failures.Hrefs);
        Assert.Equal(members, server.Tree.List("new").Where(line => line.Contains('=', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_link_at_the_destination_is_replaced_and_what_it_points_to_stays()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        server.Tree.AddFile("dir/member", "member");
        Directory.CreateSymbolicLink(server.Tree.At("link"), "dir");

        Assert.Equal(204, await server.StatusAsync("COPY", "/file", ["Destination: /link"]));

        Assert.Equal(["dir/", "dir/member=member", "file=content", "link=content"], server.Tree.List());
    }
}
