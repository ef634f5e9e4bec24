using System.Runtime.Versioning;
using WebDav.Storage;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

/// <summary>Times and the read-only mark.</summary>
[SupportedOSPlatform("linux")]
public sealed class ChangeTests
{
    private static readonly DateTimeOffset Early = new(1969, 7, 20, 20, 17, 40, 250, TimeSpan.Zero);
    private static readonly DateTimeOffset Late = new(2030, 1, 1, 0, 0, 0, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("/f", false)]
    [InlineData("/d", false)]
    [InlineData("/link", true)]
    [InlineData("", false)]
    public async Task Times_are_set_each_by_itself(string path, bool flush)
    {
        await using var served = new ServedDirectory(flush: flush);
        served.File("/f");
        served.Folder("/d");
        served.Link("/link", "f");

        await served.Store.ChangeAsync(P(path), new EntryChange(Modified: Early, Accessed: Late), Cancellation);
        var both = (await served.Find(path))!;
        Assert.Equal((Early, Late), (both.Modified, both.Accessed));

        await served.Store.ChangeAsync(P(path), new EntryChange(Accessed: Early), Cancellation);
        var one = (await served.Find(path))!;
        Assert.Equal((Early, Early), (one.Modified, one.Accessed));
    }

    [Fact]
    public async Task That_it_was_read_makes_no_other_resource_of_it()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        var before = (await served.Find("/f"))!;

        Assert.Equal(before, before with { Accessed = Late });
        Assert.NotEqual(before, before with { IsReadOnly = true });
    }

    [Fact]
    public async Task A_link_itself_is_not_touched()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        served.Link("/link", "f");
        var before = new FileInfo(served.OnDisk("/link")).LastWriteTimeUtc;

        await served.Store.ChangeAsync(P("/link"), new EntryChange(Modified: Early), Cancellation);

        Assert.Equal(Early, (await served.Find("/f"))!.Modified);
        Assert.Equal(before, new FileInfo(served.OnDisk("/link")).LastWriteTimeUtc);
    }

    [Theory]
    [InlineData("/none")]
    [InlineData("/none/f")]
    [InlineData("/pipe")]
    [InlineData("/out")]
    [InlineData("/.webdav/staging")]
    public async Task Only_resources_can_be_changed(string path)
    {
        await using var served = new ServedDirectory();
        served.Pipe("/pipe");
        served.Link("/out", served.Outside);
        var before = Directory.GetLastWriteTimeUtc(served.Outside);

        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Store.ChangeAsync(P(path), new EntryChange(Modified: Early), Cancellation).AsTask()));
        Assert.Equal(before, Directory.GetLastWriteTimeUtc(served.Outside));
    }

    [Fact]
    public async Task A_file_is_marked_read_only_and_a_collection_never()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        served.Folder("/d");
        var folder = System.IO.File.GetUnixFileMode(served.OnDisk("/d"));

        await served.Store.ChangeAsync(P("/f"), new EntryChange(ReadOnly: true), Cancellation);
        await served.Store.ChangeAsync(P("/d"), new EntryChange(ReadOnly: true), Cancellation);
        Assert.True((await served.Find("/f"))!.IsReadOnly);
        Assert.False((await served.Find("/d"))!.IsReadOnly);
        Assert.Equal(folder, System.IO.File.GetUnixFileMode(served.OnDisk("/d")));

        await served.Store.ChangeAsync(P("/f"), new EntryChange(ReadOnly: false), Cancellation);
        Assert.False((await served.Find("/f"))!.IsReadOnly);
    }

    [Fact]
    public async Task What_may_be_written_already_keeps_its_permissions()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.GroupWrite | UnixFileMode.OtherExecute;
        System.IO.File.SetUnixFileMode(served.OnDisk("/f"), mode);

        await served.Store.ChangeAsync(P("/f"), new EntryChange(ReadOnly: false), Cancellation);

        Assert.Equal(mode, System.IO.File.GetUnixFileMode(served.OnDisk("/f")));
    }

    [Fact]
    public async Task A_store_for_reading_changes_nothing()
    {
        await using var served = new ServedDirectory(readOnly: true);
        served.File("/f");

        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.ChangeAsync(P("/f"), new EntryChange(Modified: Early), Cancellation).AsTask()));
    }

    [Fact]
    public void Of_two_changes_the_later_one_counts()
    {
        var both = new EntryChange(Modified: Early, ReadOnly: true).Then(new EntryChange(Modified: Late, Accessed: Early));

        Assert.Equal(new EntryChange(Late, Early, true), both);
        Assert.True(EntryChange.None.Then(EntryChange.None).IsEmpty);
    }
}
