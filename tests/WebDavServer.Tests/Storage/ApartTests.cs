using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Storage;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

/// <summary>
/// Directories that nothing can be renamed into from elsewhere on the same mount. Here one that is encrypted (fscrypt); one
/// under a project quota behaves the same.
/// </summary>
public sealed class ApartTests
{
    [Fact]
    public async Task Where_a_rename_from_staging_is_refused_content_is_finished_beside_its_target()
    {
        await using var served = new ServedDirectory();
        MountWithEncryption(served, "/m", "/m/apart");
        using var store = new FileStore(new FileStoreOptions { Root = served.OnDisk("/m") }, NullLogger<FileStore>.Instance);
        store.Prepare();
        var time = new DateTimeOffset(2011, 1, 2, 3, 4, 5, TimeSpan.Zero);
        foreach (var text in new[] { "first", "second" })
        {
            await using var upload = await store.UploadAsync(P("/apart/f"), Cancellation);
            await upload.WriteAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), Cancellation);
            var entry = await upload.PublishAsync(replace: true, time, Cancellation);
            Assert.Equal(entry, await store.FindAsync(P("/apart/f"), Cancellation));
            Assert.Equal(time, entry.Modified);
        }

        Assert.Equal("second", File.ReadAllText(served.OnDisk("/m/apart/f")));
        Assert.Equal(["f"], Directory.GetFileSystemEntries(served.OnDisk("/m/apart")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(served.OnDisk("/m/.webdav/staging")));
    }

    [Fact]
    public async Task Where_a_rename_from_staging_is_refused_the_next_copy_is_built_beside_its_target()
    {
        await using var served = new ServedDirectory();
        MountWithEncryption(served, "/m", "/m/apart");
        using var store = new FileStore(new FileStoreOptions { Root = served.OnDisk("/m") }, NullLogger<FileStore>.Instance);
        store.Prepare();
        Assert.Equal(StoreFault.Busy, await FaultOf(() => MakeTree(store)));
        await MakeTree(store);
        Assert.Equal(["t"], Directory.GetFileSystemEntries(served.OnDisk("/m/apart")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(served.OnDisk("/m/.webdav/staging")));
    }

    private static async Task MakeTree(FileStore store)
    {
        await using var tree = await store.StageTreeAsync(P("/apart/t"), false, Cancellation);
        await tree.MakeCollectionAsync(P("/apart/t"), Cancellation);
        await tree.PublishAsync(replace: false, Cancellation);
    }

    private static void MountWithEncryption(ServedDirectory served, string mount, string encrypted)
    {
        var image = Path.Combine(served.Outside, "image");
        using (var file = File.OpenHandle(image, FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 64 * 1024 * 1024);
        }

        Run("mkfs.ext4", "-q", "-O", "encrypt", image);
        served.Mount(mount, "-o", "loop", image);
        served.Folder(encrypted);
        Assert.SkipUnless(Encrypt(served.OnDisk(encrypted)), "this kernel has no file encryption");
    }

    // linux/fscrypt.h: FS_IOC_ADD_ENCRYPTION_KEY with a random key, then FS_IOC_SET_ENCRYPTION_POLICY, version 2, naming it.
    private static bool Encrypt(string directory)
    {
        WebDav.Storage.Linux.Posix.Open(
            WebDav.Storage.Linux.NameBytes.Encode(directory), WebDav.Storage.Linux.OpenFlags.ReadDirectory, 0, out var handle);
        using (handle)
        {
            var key = new byte[80 + 64];
            BinaryPrimitives.WriteInt32LittleEndian(key, 2);
            BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(40), 64);
            RandomNumberGenerator.Fill(key.AsSpan(80));
            byte[] policy = [2, 1, 4, 0, 0, 0, 0, 0, .. new byte[16]];
            var fd = (int)handle.DangerousGetHandle();
            if (Control(fd, 0xC0506617, key) != 0)
            {
                return false;
            }

            key.AsSpan(8, 16).CopyTo(policy.AsSpan(8));
            return Control(fd, 0x800C6613, policy) == 0;
        }
    }

    [DllImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int file, nuint request, byte[] argument);
}
