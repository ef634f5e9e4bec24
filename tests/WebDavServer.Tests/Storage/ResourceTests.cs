using System.Text;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Storage.Linux;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

public sealed class ResourceTests
{
    [Theory]
    [InlineData(".webdav")]
    [InlineData(".WebDav")]
    [InlineData(".WEBDAV")]
    [InlineData("\uFF0E\uFF37\uFF45bdav")]
    [InlineData("\u2024\u24E6ebdav")]
    [InlineData(".web\u3372v")]
    [InlineData(".\U0001D430\U0001D41E\U0001D41B\U0001D41D\U0001D41A\U0001D42F")]
    [InlineData(".we\U0001F131dav")]
    public async Task The_reserved_name_is_no_resource_in_any_spelling(string name)
    {
        await using var served = new ServedDirectory();
        served.Folder("/" + name);
        served.Folder("/d");
        Assert.Null(await served.Find("/" + name));
        Assert.Null(await served.Find($"/{name}/staging"));
        Assert.Equal(["d"], await served.List());
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.List("/" + name)));
        foreach (var path in new[] { "/" + name, $"/{name}/x" })
        {
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put(path)));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.MakeCollectionAsync(P(path), Cancellation).AsTask()));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Remove(P(path))));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P("/d"), P(path), true, Cancellation).AsTask()));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.StageTreeAsync(P(path), false, Cancellation).AsTask()));
        }
    }

    [Fact]
    public async Task Names_that_only_resemble_the_reserved_one_are_free()
    {
        await using var served = new ServedDirectory();
        foreach (var name in new[] { ".webdavs", "webdav", ".webda", ".w\u00E9bdav" })
        {
            await served.Put("/" + name);
            Assert.NotNull(await served.Find("/" + name));
        }

        await served.Store.MakeCollectionAsync(P("/d"), Cancellation);
        await served.Put("/d/.webdav"); // only at the root
        Assert.Equal([".webdav"], await served.List("/d"));
    }

    [Fact]
    public async Task Pipes_are_no_resources_and_nothing_waits_for_them()
    {
        await using var served = new ServedDirectory();
        served.Pipe("/pipe");
        served.Link("/link", "pipe");
        foreach (var path in new[] { "/pipe", "/link" })
        {
            Assert.Null(await served.Find(path));
            var reading = Task.Run(() => FaultOf(() => served.Read(path)));
            Assert.Equal(StoreFault.NotFound, await reading.WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put(path)));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.MakeCollectionAsync(P(path), Cancellation).AsTask()));
            Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Copy(path, "/copy")));
        }

        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Remove(P("/pipe"))));
        Assert.Empty(await served.List());
        Assert.True(File.Exists(served.OnDisk("/pipe")));
    }

    [Fact]
    public async Task Names_that_are_not_UTF8_are_left_out()
    {
        await using var served = new ServedDirectory();
        served.File("/good");
        MakeRaw(served.Root, [0xFF, 0xFE, 0]);
        Assert.Equal(["good"], await served.List());
    }

    [Fact]
    public async Task A_name_with_an_unpaired_surrogate_is_not_found_and_cannot_be_made()
    {
        await using var served = new ServedDirectory();
        Assert.Null(await served.Find("/\uD800"));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put("/\uD800")));
    }

    [Fact]
    public async Task Names_of_255_bytes_are_the_longest()
    {
        await using var served = new ServedDirectory();
        await served.Put("/" + new string('x', served.Store.MaximumNameBytes));
        var tooLong = "/" + new string('x', served.Store.MaximumNameBytes + 1);
        Assert.Null(await served.Find(tooLong));
        Assert.Equal(StoreFault.NameTooLong, await FaultOf(() => served.Put(tooLong)));
        Assert.Equal(StoreFault.NameTooLong, await FaultOf(() => served.Store.MakeCollectionAsync(P(tooLong), Cancellation).AsTask()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Paths_may_be_longer_than_one_call_can_take(bool openAt2)
    {
        await using var served = new ServedDirectory(openAt2: openAt2);
        var path = DavPath.Root;
        for (var level = 0; level < 60; level++)
        {
            path = path.Child(new string((char)('a' + (level % 26)), 100));
            await served.Store.MakeCollectionAsync(path, Cancellation);
        }

        await served.Put(path.Child("f").Value, "deep");
        Assert.Equal("deep", await served.Read(path.Child("f").Value));
        Assert.Equal(["f"], await served.List(path.Value));

        // And it goes in one piece, though it is deeper than what is held open at once.
        served.File("/new");
        var displaced = await served.Store.RenameAsync(P("/new"), P("/" + new string('a', 100)), replace: true, Cancellation);
        var removed = 0;
        await foreach (var count in displaced!.RemoveAsync(Cancellation))
        {
            removed += count;
        }

        Assert.Equal(61, removed);
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Entries_say_what_the_disk_says()
    {
        await using var served = new ServedDirectory();
        var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        served.File("/f", "12345");
        File.SetLastWriteTimeUtc(served.OnDisk("/f"), time);
        var file = (await served.Find("/f"))!;
        Assert.Equal((EntryKind.File, 5, new DateTimeOffset(time)), (file.Kind, file.Length, file.Modified));
        Assert.InRange(file.Created, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
        var root = (await served.Find(""))!;
        Assert.True(root.IsCollection);
        Assert.Equal(0, root.Length);
        await foreach (var entry in served.Store.ListAsync(DavPath.Root, Cancellation))
        {
            Assert.Equal(entry, await served.Find(entry.Path.Value));
        }
    }

    [Fact]
    public async Task An_entity_tag_changes_with_the_content_even_if_the_time_is_set_back()
    {
        await using var served = new ServedDirectory();
        var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        served.File("/f", "one");
        File.SetLastWriteTimeUtc(served.OnDisk("/f"), time);
        var before = (await served.Find("/f"))!.ETag;
        Assert.Equal(before, (await served.Find("/f"))!.ETag);
        await Task.Delay(20, Cancellation);
        served.File("/f", "two");
        File.SetLastWriteTimeUtc(served.OnDisk("/f"), time);
        Assert.NotEqual(before, (await served.Find("/f"))!.ETag);
    }

    [Fact]
    public async Task An_entity_tag_of_a_collection_changes_with_its_members()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        var before = (await served.Find("/d"))!.ETag;
        await Task.Delay(20, Cancellation);
        await served.Put("/d/f");
        Assert.NotEqual(before, (await served.Find("/d"))!.ETag);
    }

    [Fact]
    public async Task A_file_has_no_members_and_a_missing_one_no_content()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        Assert.Null(await served.Find("/f/x"));
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.List("/f")));
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Read("/none")));
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => served.Read("")));
    }

    [Fact]
    public async Task Reading_goes_on_in_the_old_content_while_it_is_replaced()
    {
        await using var served = new ServedDirectory();
        served.File("/f", "old");
        await using var content = await served.Store.OpenAsync(P("/f"), Cancellation);
        await served.Put("/f", "newer");
        var buffer = new byte[10];
        Assert.Equal(3, await content.ReadAsync(0, buffer, Cancellation));
        Assert.Equal("old", Encoding.UTF8.GetString(buffer, 0, 3));
        Assert.Equal(3, content.Entry.Length);
        Assert.Equal(0, await content.ReadAsync(3, buffer, Cancellation));
    }

    [Fact]
    public async Task Room_is_told_for_what_is_there_and_for_what_is_not_yet()
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        foreach (var path in new[] { "", "/d", "/d/x/y/z" })
        {
            var space = await served.Store.SpaceAsync(P(path), Cancellation);
            Assert.True(space.Available > 0 && space.Used > 0);
        }
    }

    [Fact]
    public async Task An_immutable_file_is_not_writable()
    {
        await using var served = new ServedDirectory();
        served.File("/f");
        var entry = (await served.Find("/f"))!;
        Assert.Null(await served.Store.CheckWritableAsync(entry, Cancellation));
        Run("chattr", "+i", served.OnDisk("/f"));
        try
        {
            Assert.Equal(StoreFault.Denied, await served.Store.CheckWritableAsync(entry, Cancellation));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put("/f")));
            Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Remove(P("/f"))));
        }
        finally
        {
            Run("chattr", "-i", served.OnDisk("/f"));
        }

        Assert.Equal("content", await served.Read("/f"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task A_read_only_store_makes_nothing_and_refuses_every_write()
    {
        await using var served = new ServedDirectory(readOnly: true);
        Assert.Empty(Directory.GetFileSystemEntries(served.Root));
        served.File("/f");
        Assert.Equal("content", await served.Read("/f"));
        Assert.Equal(StoreFault.Denied, await served.Store.CheckWritableAsync((await served.Find("/f"))!, Cancellation));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Put("/g")));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Remove(P("/f"))));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.MakeCollectionAsync(P("/d"), Cancellation).AsTask()));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P("/f"), P("/g"), false, Cancellation).AsTask()));
        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.StageTreeAsync(P("/g"), false, Cancellation).AsTask()));
        Assert.Single(Directory.GetFileSystemEntries(served.Root));
    }

    /// <summary>Makes a file whose name is just bytes.</summary>
    internal static void MakeRaw(string directory, ReadOnlySpan<byte> name, bool folder = false)
    {
        Assert.Equal(Errno.None, Posix.Open(NameBytes.Encode(directory), OpenFlags.DirectoryHandle, 0, out var handle));
        using (handle)
        {
            if (folder)
            {
                Assert.Equal(Errno.None, Posix.MakeDirectory(handle, name));
                return;
            }

            Assert.Equal(Errno.None, Posix.OpenAt(handle, name, OpenFlags.CreateFile, out var file, 0x1A4));
            file.Dispose();
        }
    }
}
