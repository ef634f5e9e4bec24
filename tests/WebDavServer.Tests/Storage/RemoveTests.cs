using WebDav.Storage;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

public sealed class RemoveTests
{
    [Fact]
    public async Task A_collection_with_members_is_not_removed_and_loses_nothing()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.File("/d/f");
        served.Pipe("/d/pipe");
        Assert.Equal(StoreFault.NotEmpty, await FaultOf(() => Remove(served, "/d")));
        Assert.True(File.Exists(served.OnDisk("/d/pipe")));
    }

    [Fact]
    public async Task What_is_no_resource_does_not_keep_a_collection_alive()
    {
        await using var served = new ServedDirectory();
        File.WriteAllText(Path.Combine(served.Outside, "f"), "kept");
        served.Folder("/d");
        served.Pipe("/d/pipe");
        served.Link("/d/broken", "nothing");
        served.Link("/d/outside", served.Outside);
        ResourceTests.MakeRaw(served.OnDisk("/d"), [0xFE, 0]);
        ResourceTests.MakeRaw(served.OnDisk("/d"), [0xFF, 0], folder: true);
        ResourceTests.MakeRaw(served.OnDisk("/d"), [0xFF, (byte)'/', (byte)'x', 0], folder: true);
        ResourceTests.MakeRaw(served.OnDisk("/d"), [0xFF, (byte)'/', (byte)'x', (byte)'/', 0xFF, 0]);
        await Remove(served, "/d");
        Assert.Null(await served.Find("/d"));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(served.Outside, "f")));
    }

    [Fact]
    public async Task The_root_stays()
    {
        await using var served = new ServedDirectory();
        Assert.Equal(StoreFault.Denied, await FaultOf(() => Remove(served, "")));
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_removed()
    {
        await using var served = new ServedDirectory(flush: true);
        served.File("/f");
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => Remove(served, "/none")));
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => Remove(served, "/none/f")));
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => Remove(served, "/f/x")));
        await Remove(served, "/f");
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => Remove(served, "/f")));
    }

    [Fact]
    public async Task A_mount_point_is_in_use()
    {
        await using var served = new ServedDirectory();
        served.Mount("/m");
        Assert.Equal(StoreFault.Busy, await FaultOf(() => Remove(served, "/m")));
    }

    [Fact]
    public async Task A_member_that_has_gone_does_not_hold_up_the_others()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.File("/d/a");
        served.File("/d/b");
        served.Folder("/e");
        served.File("/e/a");
        using var removal = served.Store.BeginRemoval();
        await removal.RemoveAsync(P("/d/a"), Cancellation);
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => removal.RemoveAsync(P("/d/a"), Cancellation).AsTask()));
        await removal.RemoveAsync(P("/e/a"), Cancellation);
        await removal.RemoveAsync(P("/d/b"), Cancellation);
        await removal.RemoveAsync(P("/d"), Cancellation);
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => removal.RemoveAsync(P("/d/b"), Cancellation).AsTask()));
        await removal.RemoveAsync(P("/e"), Cancellation);
        Assert.Null(await served.Find("/d"));
        Assert.Null(await served.Find("/e"));
    }

    [Fact]
    public async Task A_link_put_in_the_place_of_a_collection_leads_to_nothing_that_is_removed()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        File.WriteAllText(Path.Combine(served.Outside, "b"), "kept");
        served.Folder("/d");
        served.File("/d/a");
        served.File("/d/b");
        using var removal = served.Store.BeginRemoval();
        await removal.RemoveAsync(P("/d/a"), Cancellation);
        Directory.Move(served.OnDisk("/d"), served.OnDisk("/moved"));
        served.Link("/d", served.Outside);
        await removal.RemoveAsync(P("/d/b"), Cancellation);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(served.Outside, "b")));
    }

    [Fact]
    public async Task A_collection_is_made_once()
    {
        await using var served = new ServedDirectory(flush: true);
        await served.Store.MakeCollectionAsync(P("/d"), Cancellation);
        served.File("/f");
        served.Link("/l", "d");
        foreach (var path in new[] { "/d", "/f", "/l" })
        {
            Assert.Equal(StoreFault.AlreadyExists, await FaultOf(() => served.Store.MakeCollectionAsync(P(path), Cancellation).AsTask()));
        }
    }

    private static Task Remove(ServedDirectory served, string path) => served.Remove(P(path));
}
