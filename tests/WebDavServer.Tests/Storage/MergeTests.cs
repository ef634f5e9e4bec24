using System.Buffers;
using System.Runtime.Versioning;
using System.Text;
using WebDav.Storage;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

/// <summary>New content that is a part of the old.</summary>
[SupportedOSPlatform("linux")]
public sealed class MergeTests
{
    [Theory]
    [InlineData(0, "----567890")]
    [InlineData(3, "123----890")]
    [InlineData(8, "12345678----")]
    [InlineData(10, "1234567890----")]
    [InlineData(12, "1234567890\0\0----")]
    public async Task What_was_written_stands_in_the_old_content(long offset, string content)
    {
        await using var served = new ServedDirectory();
        served.File("/f", "1234567890");
        await using (var upload = await Written(served, "/f", "----"))
        {
            await upload.MergeAsync(offset, Cancellation);
            Assert.Equal(content.Length, upload.Length);
            Assert.Equal("1234567890", await served.Read("/f"));
            var entry = await upload.PublishAsync(replace: true, modified: null, Cancellation);
            Assert.Equal(content.Length, entry.Length);
        }

        Assert.Equal(content, await served.Read("/f"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task What_is_not_published_leaves_no_trace()
    {
        await using var served = new ServedDirectory();
        served.File("/f", "1234567890");
        await using (var upload = await Written(served, "/f", "----"))
        {
            await upload.MergeAsync(0, Cancellation);
            Assert.Single(served.Staged());
        }

        Assert.Equal("1234567890", await served.Read("/f"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Without_a_file_there_is_nothing_to_merge_with()
    {
        await using var served = new ServedDirectory();
        await using (var upload = await Written(served, "/f", "----"))
        {
            Assert.Equal(StoreFault.NotFound, await FaultOf(() => upload.MergeAsync(0, Cancellation).AsTask()));
        }

        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task A_merge_that_is_cancelled_can_be_left_alone()
    {
        await using var served = new ServedDirectory();
        served.File("/f", "1234567890");
        await using (var upload = await Written(served, "/f", "----"))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload.MergeAsync(0, new CancellationToken(canceled: true)).AsTask());
            Assert.Equal(4, upload.Length);
        }

        Assert.Equal("1234567890", await served.Read("/f"));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Permissions_stay_and_a_link_keeps_its_place()
    {
        await using var served = new ServedDirectory();
        served.File("/f", "1234567890");
        System.IO.File.SetUnixFileMode(served.OnDisk("/f"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        served.Link("/link", "f");
        await using (var upload = await Written(served, "/link", "----"))
        {
            await upload.MergeAsync(0, Cancellation);
            await upload.PublishAsync(replace: true, modified: null, Cancellation);
        }

        Assert.Equal("----567890", await served.Read("/f"));
        Assert.Equal("f", new FileInfo(served.OnDisk("/link")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, System.IO.File.GetUnixFileMode(served.OnDisk("/f")));
    }

    [Fact]
    public async Task On_another_file_system_it_is_made_there()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        var elsewhere = served.OtherDevice();
        served.Link("/other", elsewhere);
        await System.IO.File.WriteAllTextAsync($"{elsewhere}/f", "1234567890", Cancellation);
        await using (var upload = await Written(served, "/other/f", "----"))
        {
            await upload.MergeAsync(8, Cancellation);
            await upload.PublishAsync(replace: true, modified: null, Cancellation);
        }

        Assert.Equal("12345678----", await served.Read("/other/f"));
        Assert.Equal([$"{elsewhere}/f"], Directory.GetFileSystemEntries(elsewhere));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task Holes_stay_holes()
    {
        await using var served = new ServedDirectory();
        await using (var sparse = System.IO.File.Create(served.OnDisk("/f")))
        {
            sparse.SetLength(1L << 40);
        }

        await using (var upload = await Written(served, "/f", "----"))
        {
            await upload.MergeAsync(1L << 39, Cancellation);
            Assert.Equal(1L << 40, upload.Length);
            await upload.PublishAsync(replace: true, modified: null, Cancellation);
        }

        await using var content = await served.Store.OpenAsync(P("/f"), Cancellation);
        var buffer = new byte[6];
        Assert.Equal(6, await content.ReadAsync((1L << 39) - 1, buffer, Cancellation));
        Assert.Equal("\0----\0", Encoding.ASCII.GetString(buffer));
    }

    private static async Task<IUpload> Written(ServedDirectory served, string path, string content)
    {
        var upload = await served.Store.UploadAsync(P(path), Cancellation);
        await upload.WriteAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(content)), Cancellation);
        return upload;
    }
}
