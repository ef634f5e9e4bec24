using System.Diagnostics;
using WebDav.Storage;
using WebDav.Storage.Linux;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

public sealed class LinkTests
{
    // Each with openat2(2) and, as on kernels without it, name by name.
    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_link_that_leads_outside_is_no_resource(bool openAt2)
    {
        await using var served = new ServedDirectory(openAt2: openAt2);
        File.WriteAllText(Path.Combine(served.Outside, "secret"), "secret");
        served.Folder("/d");
        served.Link("/absolute", served.Outside);
        served.Link("/relative", "../outside");
        served.Link("/d/deep", "../../outside/secret");
        served.Link("/file", Path.Combine(served.Outside, "secret"));
        served.Link("/detour", "../root/d"); // inside in the end, but by way of outside (openat2(2), RESOLVE_BENEATH)

        foreach (var path in new[] { "/absolute", "/relative", "/d/deep", "/file", "/detour", "/absolute/secret", "/relative/secret" })
        {
            Assert.Null(await served.Find(path));
            Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Read(path)));
            Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.List(path)));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put(path)));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.MakeCollectionAsync(P(path), Cancellation).AsTask()));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Copy("/d/none", path)));
        }

        Assert.Equal(["d"], await served.List());
        Assert.Empty(await served.List("/d"));
        Assert.Equal(["secret"], Directory.GetFiles(served.Outside).Select(Path.GetFileName));
        Assert.Equal("secret", File.ReadAllText(Path.Combine(served.Outside, "secret")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_link_inside_the_root_is_what_it_points_to(bool openAt2)
    {
        await using var served = new ServedDirectory(openAt2: openAt2);
        served.Folder("/a");
        served.Folder("/a/b");
        served.File("/a/b/f", "inner");
        served.Link("/down", "a/b");
        served.Link("/absolute", served.OnDisk("/a/b"));
        served.Link("/a/b/up", "../..");
        served.Link("/chain", "down/up/absolute");
        served.Link("/f", "a/b/f");

        foreach (var path in new[] { "/down/f", "/absolute/f", "/chain/f", "/a/b/up/a/b/f", "/f" })
        {
            Assert.Equal("inner", await served.Read(path));
            Assert.Equal((await served.Find("/a/b/f"))!.ETag, (await served.Find(path))!.ETag);
        }

        Assert.True((await served.Find("/chain"))!.IsLink);
        Assert.True((await served.Find("/chain"))!.IsCollection);
        Assert.True((await served.Find("/f"))!.IsLink);
        Assert.False((await served.Find("/chain/f"))!.IsLink);
        Assert.Equal(["f", "up"], await served.List("/chain"));
        Assert.Equal(["a", "absolute", "chain", "down", "f"], await served.List());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task With_Never_no_link_is_a_resource(bool openAt2)
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Never, openAt2: openAt2);
        served.Folder("/a");
        served.File("/a/f");
        served.Link("/l", "a");
        served.Link("/f", "a/f");
        Assert.Null(await served.Find("/l"));
        Assert.Null(await served.Find("/l/f"));
        Assert.Equal(["a"], await served.List());
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put("/f")));
        Assert.Equal("content", await served.Read("/a/f"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task With_Always_links_lead_anywhere(bool openAt2)
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always, openAt2: openAt2);
        File.WriteAllText(Path.Combine(served.Outside, "f"), "outer");
        served.Link("/absolute", served.Outside);
        served.Link("/relative", "../outside");
        served.Link("/f", "../outside/f");
        foreach (var path in new[] { "/absolute/f", "/relative/f", "/f" })
        {
            Assert.Equal("outer", await served.Read(path));
        }

        await served.Put("/relative/new", "made");
        Assert.Equal("made", File.ReadAllText(Path.Combine(served.Outside, "new")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_link_opens_the_reserved_directory(bool always)
    {
        await using var served = new ServedDirectory(always ? SymlinkPolicy.Always : SymlinkPolicy.InsideRoot);
        File.WriteAllText(Path.Combine(served.Root, ".webdav", "state"), "secret");
        served.Link("/direct", ".webdav");
        served.Link("/state", ".webdav/state");
        served.Link("/self", ".");
        served.Link("/absolute", served.OnDisk("/.webdav"));
        served.Link("/around", "../root/.webdav");
        foreach (var path in new[] { "/direct", "/direct/state", "/state", "/self/.webdav", "/self/.webdav/state", "/absolute/state", "/around/state" })
        {
            Assert.Null(await served.Find(path));
            Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Read(path)));
        }

        Assert.Equal(["self"], await served.List("/self"));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put("/self/.webdav")));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Remove(P("/self/.webdav"))));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P("/self/.webdav"), P("/x"), true, Cancellation).AsTask()));
    }

    [Fact]
    public async Task Links_that_lead_nowhere_or_in_circles_are_no_resources()
    {
        await using var served = new ServedDirectory();
        served.Link("/broken", "nothing");
        served.Link("/a", "b");
        served.Link("/b", "a");
        served.File("/f");
        Assert.Equal(["f"], await served.List());
        Assert.Null(await served.Find("/broken"));
        Assert.Null(await served.Find("/a"));
        Assert.Null(await served.Find("/a/x"));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put("/broken")));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.MakeCollectionAsync(P("/broken"), Cancellation).AsTask()));
        Assert.False(File.Exists(served.OnDisk("/nothing")));
    }

    [Fact]
    public async Task A_put_on_a_link_replaces_the_file_and_keeps_the_link()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.File("/d/f", "old");
        served.Link("/l", "d/f");
        var entry = await served.Put("/l", "new");
        Assert.Equal("d/f", new FileInfo(served.OnDisk("/l")).LinkTarget);
        Assert.Equal("new", await served.Read("/d/f"));
        Assert.Equal(entry, await served.Find("/l"));
    }

    [Fact]
    public async Task Remove_and_rename_take_the_link_itself()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        File.WriteAllText(Path.Combine(served.Outside, "f"), "kept");
        served.Link("/one", served.Outside);
        served.Link("/two", served.Outside);
        await served.Remove(P("/one"));
        Assert.Null(await served.Store.RenameAsync(P("/two"), P("/three"), replace: false, Cancellation));
        Assert.Equal(["three"], await served.List());
        Assert.Equal(served.Outside, new DirectoryInfo(served.OnDisk("/three")).LinkTarget);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(served.Outside, "f")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Swapping_a_directory_for_a_link_never_opens_the_outside(bool openAt2)
    {
        await using var served = new ServedDirectory(openAt2: openAt2);
        served.Folder("/d");
        served.File("/d/f", "inside");
        File.WriteAllText(Path.Combine(served.Outside, "f"), "outside");
        served.Link("/swap", served.Outside);
        using var stop = new CancellationTokenSource();
        var swapping = Task.Factory.StartNew(() => Swap(served.Root, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // For a second, or longer on a busy machine until both sides of the swap have been met.
        var (inside, refused) = (0, 0);
        for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < (inside > 0 && refused > 0 ? 1000 : 20_000);)
        {
            try
            {
                Assert.Equal("inside", await served.Read("/d/f"));
                await served.Put("/d/new");
                Assert.All(await served.List("/d"), name => Assert.Contains(name, (string[])["f", "new"]));
                inside++;
            }
            catch (StoreException)
            {
                refused++;
            }
        }

        await stop.CancelAsync();
        await swapping;
        Assert.True(inside > 0 && refused > 0, $"{inside} inside, {refused} refused");
        Assert.Equal("f", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(served.Outside))));
    }

    private static void Swap(string root, CancellationToken stop)
    {
        Posix.Open(NameBytes.Encode(root), OpenFlags.DirectoryHandle, 0, out var directory);
        using (directory)
        {
            while (!stop.IsCancellationRequested)
            {
                Posix.Rename(directory, "d\0"u8, directory, "swap\0"u8, RenameHow.Exchange);
            }
        }
    }
}
