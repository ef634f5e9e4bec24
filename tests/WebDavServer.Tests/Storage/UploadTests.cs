using System.Buffers;
using System.Text;
using System.Runtime.Versioning;
using WebDav.Storage;
using WebDav.Storage.Linux;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

[SupportedOSPlatform("linux")]
public sealed class UploadTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_publishing_returns_is_what_is_found_next(bool flush)
    {
        await using var served = new ServedDirectory(flush: flush);
        var created = await served.Put("/f", "one");
        Assert.Equal(created, await served.Find("/f"));
        var replaced = await served.Put("/f", "second");
        Assert.Equal(replaced, await served.Find("/f"));
        Assert.NotEqual(created.ETag, replaced.ETag);
        Assert.Equal("second", await served.Read("/f"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Nothing_is_seen_before_it_is_published_nor_left_if_it_never_is()
    {
        await using var served = new ServedDirectory();
        served.File("/f", "old");
        var upload = await served.Store.UploadAsync(P("/f"), Cancellation);
        await upload.WriteAsync(new ReadOnlySequence<byte>(new byte[100_000]), Cancellation);
        Assert.Equal(100_000, upload.Length);
        Assert.Equal("old", await served.Read("/f"));
        Assert.Single(served.Staged());
        await upload.DisposeAsync();
        Assert.Equal("old", await served.Read("/f"));
        Assert.Empty(served.Staged());
    }

    [Theory]
    [InlineData(100_000, 1)]
    [InlineData(1 << 20, 4)]
    [InlineData((1 << 20) + 1, 11)]
    public async Task A_large_file_takes_no_more_room_than_it_needs(int chunk, int chunks)
    {
        await using var served = new ServedDirectory();
        var content = new byte[chunk * chunks];
        new Random(1).NextBytes(content);
        await using (var upload = await served.Store.UploadAsync(P("/f"), Cancellation))
        {
            for (var at = 0; at < content.Length; at += chunk)
            {
                await upload.WriteAsync(new ReadOnlySequence<byte>(content, at, chunk), Cancellation);
            }

            await upload.PublishAsync(replace: true, modified: null, Cancellation);
        }

        await served.Copy("/f", "/copy");

        Assert.Equal(content, await File.ReadAllBytesAsync(served.OnDisk("/f"), Cancellation));
        Assert.Equal(content, await File.ReadAllBytesAsync(served.OnDisk("/copy"), Cancellation));
        Assert.All(["/f", "/copy"], name => Assert.InRange(Room(served.OnDisk(name)), 0, content.Length + (128 * 1024)));

        static long Room(string file)
        {
            using var handle = File.OpenHandle(file);
            Assert.Equal(Errno.None, Posix.Stat(handle, out var stat));
            return stat.Room;
        }
    }

    [Theory] // who publishes has the path to itself, and not the collection that had its name when the upload began
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_content_does_not_follow_a_collection_that_is_moved_while_it_comes(bool merges)
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.File("/d/f", "old");
        await using var upload = await served.Store.UploadAsync(P("/d/f"), Cancellation);
        await upload.WriteAsync(new ReadOnlySequence<byte>("new"u8.ToArray()), Cancellation);
        Directory.Move(served.OnDisk("/d"), served.OnDisk("/moved"));
        served.Folder("/d");
        served.File("/d/f", "another");

        if (merges)
        {
            await upload.MergeAsync(4, Cancellation);
        }

        await upload.PublishAsync(replace: true, modified: null, Cancellation);

        Assert.Equal(merges ? "anotnew" : "new", await served.Read("/d/f"));
        Assert.Equal("old", await served.Read("/moved/f"));
    }

    [Fact]
    public async Task Without_its_collection_it_is_not_published_where_that_has_gone()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.File("/d/f", "old");
        await using (var upload = await served.Store.UploadAsync(P("/d/f"), Cancellation))
        {
            await upload.WriteAsync(new ReadOnlySequence<byte>("new"u8.ToArray()), Cancellation);
            Directory.Move(served.OnDisk("/d"), served.OnDisk("/moved"));

            var fault = await Assert.ThrowsAsync<StoreException>(async () => await upload.PublishAsync(replace: true, modified: null, Cancellation));
            Assert.Equal(StoreFault.NoParent, fault.Fault);
        }

        Assert.Equal("old", await served.Read("/moved/f"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Segments_are_appended_in_order()
    {
        await using var served = new ServedDirectory();
        var first = new Segment("one ");
        var last = first.Append("two ").Append("three");
        await using (var upload = await served.Store.UploadAsync(P("/f"), Cancellation))
        {
            await upload.WriteAsync(new ReadOnlySequence<byte>(first, 0, last, 5), Cancellation);
            await upload.WriteAsync(new ReadOnlySequence<byte>("!"u8.ToArray()), Cancellation);
            await upload.PublishAsync(replace: false, modified: null, Cancellation);
        }

        Assert.Equal("one two three!", await served.Read("/f"));
    }

    [Fact]
    public async Task A_modification_time_can_be_set()
    {
        await using var served = new ServedDirectory();
        foreach (var time in new[] { new DateTimeOffset(1969, 7, 20, 20, 17, 40, 250, TimeSpan.Zero), new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)) })
        {
            var entry = await served.Put("/f", modified: time);
            Assert.Equal(time, entry.Modified);
            Assert.Equal(entry, await served.Find("/f"));
        }
    }

    [Fact]
    public async Task Without_replace_what_came_first_stays()
    {
        await using var served = new ServedDirectory();
        served.File("/f", "first");
        Assert.Equal(StoreFault.AlreadyExists, await FaultOf(() => served.Put("/f", replace: false)));
        Assert.Equal("first", await served.Read("/f"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task A_collection_is_never_replaced_by_an_upload()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.Link("/l", "d");
        foreach (var path in new[] { "/d", "/l" })
        {
            Assert.Equal(StoreFault.AlreadyExists, await FaultOf(() => served.Put(path)));
            Assert.Equal(StoreFault.AlreadyExists, await FaultOf(() => served.Put(path, replace: false)));
        }

        Assert.True((await served.Find("/d"))!.IsCollection);
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Without_its_collection_nothing_can_be_uploaded_or_made()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        foreach (var path in new[] { "/none/x", "/f/x" })
        {
            Assert.Equal(StoreFault.NoParent, await FaultOf(() => served.Put(path)));
            Assert.Equal(StoreFault.NoParent, await FaultOf(() => served.Store.MakeCollectionAsync(P(path), Cancellation).AsTask()));
            Assert.Equal(StoreFault.NoParent, await FaultOf(() => served.Store.StageTreeAsync(P(path), false, Cancellation).AsTask()));
            Assert.Equal(StoreFault.NoParent, await FaultOf(() => served.Store.RenameAsync(P("/f"), P("/none/x"), true, Cancellation).AsTask()));
        }
    }

    [Fact]
    public async Task A_collection_that_goes_during_an_upload_is_told()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        await using var upload = await served.Store.UploadAsync(P("/d/f"), Cancellation);
        await served.Remove(P("/d"));
        Assert.Equal(StoreFault.NoParent, await FaultOf(() => upload.PublishAsync(true, null, Cancellation).AsTask()));
    }

    [Fact]
    public async Task Permissions_of_the_replaced_file_are_kept()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        File.SetUnixFileMode(served.OnDisk("/f"), mode);
        await served.Put("/f");
        Assert.Equal(mode, File.GetUnixFileMode(served.OnDisk("/f")));
    }

    [Fact]
    public async Task On_another_file_system_content_grows_beside_its_target_unseen()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        var other = served.OtherDevice();
        served.Link("/other", other);
        await using (var upload = await served.Store.UploadAsync(P("/other/f"), Cancellation))
        {
            await upload.WriteAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes("there")), Cancellation);
            var staged = Path.GetFileName(Assert.Single(Directory.GetFiles(other)));
            Assert.Empty(await served.List("/other"));
            Assert.Null(await served.Find("/other/" + staged));
            Assert.EndsWith(".at", Assert.Single(served.Staged()), StringComparison.Ordinal);
            Assert.Equal(Path.Combine(other, staged), File.ReadAllText(served.Staged()[0]));
            Assert.Equal(await upload.PublishAsync(true, null, Cancellation), await served.Find("/other/f"));
        }

        Assert.Equal("there", await served.Read("/other/f"));
        Assert.Equal(["f"], Directory.GetFiles(other).Select(Path.GetFileName));
        Assert.Empty(served.Staged());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_killed_server_left_is_cleared_at_the_next_start(bool flush)
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always, flush);
        var other = served.OtherDevice();
        served.Link("/other", other);
        File.WriteAllText(Path.Combine(other, "kept"), "kept");
        served.File("/kept");
        var near = await served.Store.UploadAsync(P("/f"), Cancellation);
        var far = await served.Store.UploadAsync(P("/other/f"), Cancellation);
        var tree = await served.Store.StageTreeAsync(P("/other/t"), false, Cancellation);
        await tree.MakeCollectionAsync(P("/other/t"), Cancellation);
        await tree.MakeCollectionAsync(P("/other/t/u"), Cancellation);
        Assert.Equal(3, served.Staged().Length);
        Assert.Equal(3, Directory.GetFileSystemEntries(other).Length);

        // A pointer that someone has tampered with, or that was cut, removes nothing but itself.
        File.WriteAllText(Path.Combine(served.Staging, "x.at"), Path.Combine(other, "kept"));
        File.WriteAllText(Path.Combine(served.Staging, "y.at"), "");

        using (served.Start())
        {
            Assert.Empty(served.Staged());
            Assert.Equal(["kept"], Directory.GetFileSystemEntries(other).Select(Path.GetFileName));
            Assert.Equal(["kept", "other"], await served.List());
        }

        foreach (var unfinished in new IAsyncDisposable[] { near, far, tree })
        {
            await unfinished.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_the_old_content()
    {
        await using var served = new ServedDirectory();
        served.Mount("/small", "-t", "tmpfs", "-o", "size=64k", "none");
        served.File("/small/f", "old");
        Assert.Equal(StoreFault.NoSpace, await FaultOf(() => served.Put("/small/f", new string('x', 200_000))));
        served.File("/big", new string('x', 200_000));
        Assert.Equal(StoreFault.NoSpace, await FaultOf(() => served.Copy("/big", "/small/big")));
        Assert.Equal("old", await served.Read("/small/f"));
        Assert.Equal(["f"], Directory.GetFiles(served.OnDisk("/small")).Select(Path.GetFileName));
        Assert.Empty(served.Staged());
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(string text) => Memory = Encoding.UTF8.GetBytes(text);

        public Segment Append(string text)
        {
            var next = new Segment(text) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
