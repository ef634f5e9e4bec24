using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Storage.Linux;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

[SupportedOSPlatform("linux")]
public sealed class StagedTreeTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_copy_is_seen_when_it_is_whole(bool flush, bool keepTimes)
    {
        await using var served = new ServedDirectory(flush: flush);
        var time = Source(served);
        await using (var tree = await served.Store.StageTreeAsync(P("/copy"), keepTimes, Cancellation))
        {
            await Build(tree, P("/s"), P("/copy"));
            Assert.Null(await served.Find("/copy"));
            Assert.Null(await tree.PublishAsync(replace: false, Cancellation));
        }

        Assert.Equal("inner", await served.Read("/copy/sub/f"));
        Assert.Equal(["sub"], await served.List("/copy"));
        Assert.Equal(keepTimes, (await served.Find("/copy"))!.Modified == time);
        Assert.Equal(keepTimes, (await served.Find("/copy/sub"))!.Modified == time);
        Assert.Equal(keepTimes, (await served.Find("/copy/sub/f"))!.Modified == time);
        Assert.Equal(File.GetUnixFileMode(served.OnDisk("/s/sub/f")), File.GetUnixFileMode(served.OnDisk("/copy/sub/f")));
        Assert.Equal(File.GetUnixFileMode(served.OnDisk("/s/sub")), File.GetUnixFileMode(served.OnDisk("/copy/sub")));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task A_copy_that_is_given_up_leaves_nothing()
    {
        await using var served = new ServedDirectory();
        Source(served);
        await using (var tree = await served.Store.StageTreeAsync(P("/copy"), false, Cancellation))
        {
            await Build(tree, P("/s"), P("/copy"));
        }

        Assert.Equal(["s"], await served.List());
        Assert.Empty(served.Staged());
    }

    [Theory]
    [InlineData("file", false)]
    [InlineData("folder", true)]
    [InlineData("link", false)]
    public async Task A_copy_replaces_what_is_there_in_one_step(string there, bool displaces)
    {
        await using var served = new ServedDirectory();
        Source(served);
        served.Folder("/kept");
        switch (there)
        {
            case "file":
                served.File("/d");
                break;
            case "link":
                served.Link("/d", "kept");
                break;
            default:
                served.Folder("/d");
                served.File("/d/old");
                break;
        }

        await using var tree = await served.Store.StageTreeAsync(P("/d"), false, Cancellation);
        await Build(tree, P("/s"), P("/d"));
        Assert.Equal(StoreFault.AlreadyExists, await FaultOf(() => tree.PublishAsync(false, Cancellation).AsTask()));
        var displaced = await tree.PublishAsync(replace: true, Cancellation);
        Assert.Equal("inner", await served.Read("/d/sub/f"));
        Assert.Equal(["sub"], await served.List("/d"));
        Assert.Equal(["d", "kept", "s"], await served.List());
        Assert.Equal(displaces, displaced is not null);
        if (displaced is not null)
        {
            await foreach (var _ in displaced.RemoveAsync(Cancellation))
            {
                // to the end
            }
        }

        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task A_single_file_is_copied_as_a_tree_of_one()
    {
        await using var served = new ServedDirectory();
        served.File("/f", "one");
        served.File("/there", "old");
        served.File("/empty", "");
        Assert.Equal(3, (await served.Copy("/f", "/new")).Sum());
        Assert.Equal(3, (await served.Copy("/f", "/there")).Sum());
        Assert.Equal([0], await served.Copy("/empty", "/none"));
        Assert.Equal("one", await served.Read("/new"));
        Assert.Equal("one", await served.Read("/there"));
        Assert.Equal(0, (await served.Find("/none"))!.Length);
        Assert.Equal(StoreFault.AlreadyExists, await FaultOf(() => served.Copy("/f", "/new", replace: false)));
        Assert.Empty(served.Staged());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copies_are_the_same_bytes_and_holes_stay_holes(bool across)
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        served.Link("/other", served.OtherDevice());
        var size = Sparse(served.OnDisk("/f"));
        var destination = across ? "/other/copy" : "/copy";
        var chunks = await served.Copy("/f", destination);
        Assert.Equal(size, chunks.Sum());
        if (across)
        {
            Assert.True(chunks.Count > 3); // two pieces of data, two holes, and the data not all at once; within Btrfs or XFS it is one clone
        }

        Assert.Equal(Hash(served.OnDisk("/f")), Hash(served.OnDisk(destination)));
        Assert.InRange(OnDiskBytes(served.OnDisk(destination)), 1, 50 * 1024 * 1024);
    }

    [Fact]
    public async Task A_file_that_became_a_link_or_a_pipe_meanwhile_is_what_it_is_now()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.InsideRoot);
        File.WriteAllText(Path.Combine(served.Outside, "secret"), "secret");
        served.Folder("/d");
        served.File("/d/f", "content");
        served.File("/other", "linked");
        served.Link("/d/inside", "../other");
        served.Link("/d/outside", Path.Combine(served.Outside, "secret"));
        served.Pipe("/d/pipe");
        await using var tree = await served.Store.StageTreeAsync(P("/t"), false, Cancellation);
        await tree.MakeCollectionAsync(P("/t"), Cancellation);
        async Task CopyAsync(string name)
        {
            await foreach (var _ in tree.CopyFileAsync(P("/d/" + name), P("/t/" + name), Cancellation))
            {
                // to the end
            }
        }

        await CopyAsync("f");
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => CopyAsync("outside")));
        await CopyAsync("inside");
        Assert.Equal(StoreFault.NotFound, await FaultOf(() => CopyAsync("pipe")));
        await tree.PublishAsync(replace: false, Cancellation);
        Assert.Equal("content", await served.Read("/t/f"));
        Assert.Equal("linked", await served.Read("/t/inside"));
    }

    [Fact]
    public async Task A_cancelled_or_failed_file_leaves_nothing_of_itself()
    {
        await using var served = new ServedDirectory(SymlinkPolicy.Always);
        served.Link("/other", served.OtherDevice());
        Sparse(served.OnDisk("/f"));
        await using var tree = await served.Store.StageTreeAsync(P("/other/t"), false, Cancellation);
        await tree.MakeCollectionAsync(P("/other/t"), Cancellation);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in tree.CopyFileAsync(P("/f"), P("/other/t/f"), source.Token))
            {
                await source.CancelAsync();
            }
        });
        Assert.Equal(StoreFault.NotFound, await FaultOf(async () =>
        {
            await foreach (var _ in tree.CopyFileAsync(P("/none"), P("/other/t/none"), Cancellation))
            {
                // nothing comes
            }
        }));
        await foreach (var _ in tree.CopyFileAsync(P("/f"), P("/other/t/g"), Cancellation))
        {
            break; // left early
        }

        await tree.PublishAsync(replace: false, Cancellation);
        Assert.Empty(await served.List("/other/t"));
    }

    [Fact]
    public async Task Across_a_mount_the_copy_is_built_beside_its_destination_unseen()
    {
        await using var served = new ServedDirectory();
        Source(served);
        served.Mount("/m");
        served.Folder("/m/d");
        await using (var tree = await served.Store.StageTreeAsync(P("/m/d"), true, Cancellation))
        {
            await Build(tree, P("/s"), P("/m/d"));
            Assert.Equal(2, Directory.GetDirectories(served.OnDisk("/m")).Length);
            Assert.Equal(["d"], await served.List("/m"));
            Assert.Single(served.Staged());
            var displaced = await tree.PublishAsync(replace: true, Cancellation);
            await foreach (var _ in displaced!.RemoveAsync(Cancellation))
            {
                // to the end
            }
        }

        Assert.Equal("inner", await served.Read("/m/d/sub/f"));
        Assert.Single(Directory.GetDirectories(served.OnDisk("/m")));
        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task A_copy_is_published_also_when_the_disk_fails_after_it()
    {
        await using var served = new ServedDirectory(flush: true);
        Source(served);
        served.Folder("/d");
        served.File("/d/old");
        await using var tree = await served.Store.StageTreeAsync(P("/d"), false, Cancellation);
        await Build(tree, P("/s"), P("/d"));
        served.Store.Volume.Flush = _ => Errno.InputOutput;

        var displaced = await tree.PublishAsync(replace: true, Cancellation);

        Assert.Equal("inner", await served.Read("/d/sub/f"));
        await foreach (var _ in displaced!.RemoveAsync(Cancellation))
        {
            // to the end
        }

        Assert.Empty(served.Staged());
    }

    private static DateTimeOffset Source(ServedDirectory served)
    {
        var time = new DateTimeOffset(2010, 5, 6, 7, 8, 9, TimeSpan.Zero);
        served.Folder("/s");
        served.Folder("/s/sub");
        served.File("/s/sub/f", "inner");
        File.SetUnixFileMode(served.OnDisk("/s/sub/f"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        File.SetUnixFileMode(served.OnDisk("/s/sub"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(served.OnDisk("/s/sub/f"), time.UtcDateTime);
        Directory.SetLastWriteTimeUtc(served.OnDisk("/s/sub"), time.UtcDateTime);
        Directory.SetLastWriteTimeUtc(served.OnDisk("/s"), time.UtcDateTime);
        return time;
    }

    private static async Task Build(IStagedTree tree, DavPath source, DavPath destination)
    {
        await tree.MakeCollectionAsync(destination, Cancellation);
        await tree.MakeCollectionAsync(destination.Child("sub"), Cancellation);
        await foreach (var _ in tree.CopyFileAsync(source.Child("sub").Child("f"), destination.Child("sub").Child("f"), Cancellation))
        {
            // to the end
        }

        await tree.CompleteCollectionAsync(source.Child("sub"), destination.Child("sub"), Cancellation);
        await tree.CompleteCollectionAsync(source, destination, Cancellation);
    }

    // 20 MB of data, a hole, 1 MB of data, and a hole at the end: 200 MB in all.
    private static long Sparse(string path)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var data = new byte[20 * 1024 * 1024];
        new Random(1).NextBytes(data);
        RandomAccess.Write(file, data, 0);
        RandomAccess.Write(file, data.AsSpan(0, 1024 * 1024), 100 * 1024 * 1024);
        RandomAccess.SetLength(file, 200 * 1024 * 1024);
        return 200 * 1024 * 1024;
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file));
    }

    private static long OnDiskBytes(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return 512 * long.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }
}
