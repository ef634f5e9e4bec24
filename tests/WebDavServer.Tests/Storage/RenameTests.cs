using WebDav.Storage;
using WebDav.Storage.Linux;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

public sealed class RenameTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tree_moves_in_one_step(bool flush)
    {
        await using var served = new ServedDirectory(flush: flush);
        served.Folder("/a");
        served.File("/a/f");
        served.Folder("/b");
        Assert.Null(await served.Store.RenameAsync(P("/a"), P("/b/c"), replace: false, Cancellation));
        Assert.Equal("content", await served.Read("/b/c/f"));
        Assert.Null(await served.Find("/a"));
    }

    [Theory]
    [InlineData("file", "file", false)]
    [InlineData("file", "folder", true)]
    [InlineData("folder", "file", false)]
    [InlineData("folder", "folder", true)]
    [InlineData("file", "link", false)]
    [InlineData("folder", "link", false)]
    public async Task Whatever_stands_at_the_destination_is_replaced(string source, string destination, bool displaces)
    {
        await using var served = new ServedDirectory();
        served.Folder("/kept");
        served.File("/kept/f", "kept");
        Make(served, source, "/s");
        Make(served, destination, "/d");
        var before = (await served.Find("/s"))!.Kind;
        Assert.Equal(StoreFault.AlreadyExists, await FaultOf(() => served.Store.RenameAsync(P("/s"), P("/d"), false, Cancellation).AsTask()));

        var displaced = await served.Store.RenameAsync(P("/s"), P("/d"), replace: true, Cancellation);
        Assert.Equal(displaces, displaced is not null);
        Assert.Equal(before, (await served.Find("/d"))!.Kind);
        Assert.False((await served.Find("/d"))!.IsLink);
        Assert.Equal(["d", "kept"], await served.List());
        Assert.Equal("kept", await served.Read("/kept/f"));
        if (displaced is not null)
        {
            Assert.Equal(3, await Count(displaced));
        }

        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Removing_what_was_displaced_follows_no_link_and_takes_raw_names()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        File.WriteAllText(Path.Combine(served.Outside, "f"), "kept");
        served.File("/s");
        served.Folder("/d");
        served.Link("/d/out", served.Outside);
        ResourceTests.MakeRaw(served.OnDisk("/d"), [0xFF, 0], folder: true);
        served.Pipe("/d/pipe");
        var displaced = await served.Store.RenameAsync(P("/s"), P("/d"), replace: true, Cancellation);
        Assert.Equal(4, await Count(displaced!));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(served.Outside, "f")));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Two_names_of_one_file_become_one()
    {
        await using var served = new ServedDirectory();
        served.File("/a");
        Run("ln", served.OnDisk("/a"), served.OnDisk("/b"));
        Assert.Null(await served.Store.RenameAsync(P("/a"), P("/b"), replace: true, Cancellation));
        Assert.Equal(["b"], await served.List());
    }

    [Fact]
    public async Task Nothing_is_moved_into_itself_or_over_what_holds_it()
    {
        await using var served = new ServedDirectory();
        served.Folder("/a");
        served.Folder("/a/b");
        served.Folder("/a/b/c");
        served.Link("/l", "a");
        foreach (var (source, destination) in new[] { ("/a", "/a/b/x"), ("/a/b/c", "/a"), ("/a", "/a"), ("/a", "/l/b/x"), ("/l/b/c", "/a"), ("/a", "/l/b/c") })
        {
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P(source), P(destination), true, Cancellation).AsTask()));
        }

        Assert.NotNull(await served.Find("/a/b/c"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Faults_of_a_rename_change_nothing()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        served.Pipe("/pipe");
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Store.RenameAsync(P("/none"), P("/x"), true, Cancellation).AsTask()));
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Store.RenameAsync(P("/none/y"), P("/x"), true, Cancellation).AsTask()));
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Store.RenameAsync(P("/pipe"), P("/x"), true, Cancellation).AsTask()));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P("/f"), P("/pipe"), true, Cancellation).AsTask()));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P(""), P("/x"), true, Cancellation).AsTask()));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P("/f"), P(""), true, Cancellation).AsTask()));
        Assert.Equal(["f"], await served.List());
    }

    [Fact]
    public async Task Across_file_systems_a_rename_says_so_and_does_nothing()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        served.Link("/other", served.OtherDevice());
        served.Folder("/a");
        served.File("/a/f");
        served.Folder("/other/b");
        foreach (var (destination, replace) in new[] { ("/other/new", false), ("/other/new", true), ("/other/b", true) })
        {
            Assert.Equal(StoreFault.CrossDevice, await FaultOf(() => served.Store.RenameAsync(P("/a"), P(destination), replace, Cancellation).AsTask()));
        }

        Assert.Equal("content", await served.Read("/a/f"));
        Assert.Equal(["b"], await served.List("/other"));
    }

    [Fact]
    public async Task Within_another_file_system_what_is_displaced_lies_there_unseen()
    {
        await using var served = new ServedDirectory();
        served.Mount("/m");
        served.Folder("/m/a");
        served.Folder("/m/b");
        served.File("/m/b/f");
        var displaced = await served.Store.RenameAsync(P("/m/a"), P("/m/b"), replace: true, Cancellation);
        Assert.Equal(["b"], await served.List("/m"));
        Assert.Equal(2, Directory.GetDirectories(served.OnDisk("/m")).Length);
        Assert.Equal(2, await Count(displaced!));
        Assert.Single(Directory.GetDirectories(served.OnDisk("/m")));
        Assert.Empty(served.Staged());
    }

    [Theory]
    [InlineData("folder", "folder")]
    [InlineData("file", "folder")]
    [InlineData("folder", "file")]
    public async Task A_rename_is_done_also_when_the_disk_fails_after_it(string source, string destination)
    {
        await using var served = new ServedDirectory(flush: true);
        served.Folder("/kept");
        Make(served, source, "/s");
        Make(served, destination, "/d");
        var before = (await served.Find("/s"))!.Kind;
        served.Store.Volume.Flush = _ => Errno.InputOutput;

        var displaced = await served.Store.RenameAsync(P("/s"), P("/d"), replace: true, Cancellation);

        Assert.Equal(before, (await served.Find("/d"))!.Kind);
        Assert.Null(await served.Find("/s"));
        Assert.Equal(destination == "folder" ? 3 : 0, displaced is null ? 0 : await Count(displaced));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task What_was_replaced_and_cannot_be_put_out_of_sight_is_removed_where_it_is()
    {
        await using var served = new ServedDirectory();
        served.Folder("/s");
        served.File("/s/f", "new");
        served.Folder("/d");
        served.Folder("/d/sub");
        served.File("/d/sub/f", "old");
        Directory.Delete(served.Staging); // the store still has it open: nothing can be renamed to there

        var displaced = await served.Store.RenameAsync(P("/s"), P("/d"), replace: true, Cancellation);

        Assert.Equal("new", await served.Read("/d/f"));
        Assert.Equal(3, await Count(displaced!));
        Assert.Equal(["d"], await served.List());
    }

    [Fact]
    public async Task What_was_replaced_and_cannot_be_removed_either_does_not_fail_the_rename()
    {
        await using var served = new ServedDirectory();
        served.Folder("/s");
        served.Folder("/d");
        served.File("/d/f");
        served.Mount("/d/m");
        Directory.Delete(served.Staging);

        var displaced = await served.Store.RenameAsync(P("/s"), P("/d"), replace: true, Cancellation);

        Assert.Empty(await served.List("/d"));
        Assert.Equal(1, await Count(displaced!));
        Assert.Equal(["m"], await served.List("/s"));
        served.Moved("/d/m", "/s/m");
    }

    private static void Make(ServedDirectory served, string kind, string path)
    {
        switch (kind)
        {
            case "file":
                served.File(path);
                break;
            case "link":
                served.Link(path, "kept");
                break;
            default:
                served.Folder(path);
                served.Folder(path + "/sub");
                served.File(path + "/f");
                break;
        }
    }

    private static async Task<int> Count(IDisplaced displaced)
    {
        var count = 0;
        await foreach (var removed in displaced.RemoveAsync(Cancellation))
        {
            count += removed;
        }

        return count;
    }
}
