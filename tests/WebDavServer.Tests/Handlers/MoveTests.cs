using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class MoveTests
{
    private static readonly DateTime LongAgo = new(2020, 9, 13, 12, 26, 40, DateTimeKind.Utc);

    [Fact]
    public async Task A_resource_keeps_its_times()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        File.SetLastWriteTimeUtc(server.Tree.AddFile("dir/file", "content"), LongAgo);
        Directory.SetLastWriteTimeUtc(server.Tree.At("dir"), LongAgo);

        Assert.Equal(201, await server.StatusAsync("MOVE", "/dir", ["Destination: /new"]));

        Assert.Equal("Sun, 13 Sep 2020 12:26:40 GMT", (await server.AskAsync("HEAD", "/new/file"))["Last-Modified"]);
        Assert.Equal(LongAgo, Directory.GetLastWriteTimeUtc(server.Tree.At("new")));
    }

    [Theory]
    [InlineData("dir")]
    [InlineData("dir/file")]
    public async Task A_link_is_moved_and_what_it_points_to_stays(string to)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        File.CreateSymbolicLink(server.Tree.At("link"), to);

        Assert.Equal(201, await server.StatusAsync("MOVE", "/link", ["Destination: /new"]));

        Assert.Equal(["dir/", "dir/file=content", $"new->{to}"], server.Tree.List());
    }

    [Theory] // RFC 4918 9.9.2
    [InlineData("/dir", 400)]
    [InlineData("/file", 201)]
    public async Task A_collection_takes_no_depth_but_infinity(string source, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/member", "content");
        server.Tree.AddFile("file", "content");
        IReadOnlyList<string> before = server.Tree.List();

        Assert.Equal(status, await server.StatusAsync("MOVE", source, ["Destination: /new", "Depth: 0"]));

        Assert.Equal(status == 400, before.SequenceEqual(server.Tree.List()));
    }

    [Fact]
    public async Task A_tree_moves_with_what_is_no_resource()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "content");
        Shell.Run(server.Tree.At("dir"), "mkfifo pipe; ln -s nowhere broken");

        Assert.Equal(201, await server.StatusAsync("MOVE", "/dir", ["Destination: /new"]));

        Shell.Run(server.Tree.At("new"), "test -f file && test -p pipe && test -L broken && ! test -e ../dir");
    }

    [Fact]
    public async Task Nothing_is_moved_deeper_into_itself_through_a_link()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/sub/leaf", "leaf");
        Directory.CreateSymbolicLink(server.Tree.At("deep"), "dir/sub");
        IReadOnlyList<string> before = server.Tree.List();

        Assert.Equal(403, await server.StatusAsync("MOVE", "/dir", ["Destination: /deep/new"]));

        Assert.Equal(before, server.Tree.List());
    }

    [Fact]
    public async Task Of_two_names_of_one_file_the_source_goes()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("a", "content");
        Shell.Run(server.Tree.Root, "ln a b");

        Assert.Equal(204, await server.StatusAsync("MOVE", "/a", ["Destination: /b"])); // rename(2) would do nothing

        Assert.Equal(["b=content"], server.Tree.List());
    }

    [Fact]
    public async Task Two_at_once_to_one_place_end_with_one_of_them_and_lose_neither_half()
    {
        for (int round = 0; round < 10; round++)
        {
            await using ServerFixture server = await ServerFixture.StartAsync();
            server.Tree.AddFile("a", "a");
            server.Tree.AddFile("b", "b");

            int[] statuses = await Task.WhenAll(
                server.StatusAsync("MOVE", "/a", ["Destination: /c", "Overwrite: F"]),
                server.StatusAsync("MOVE", "/b", ["Destination: /c", "Overwrite: F"]));

            Assert.Equal([201, 412], statuses.Order());
            Assert.Equal(2, server.Tree.List().Count);
        }
    }
}
