using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>A file system of a few megabytes, which can be filled to its last byte and emptied again.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempTree _mount = new();

    /// <summary>Mounts it.</summary>
    public SmallDisk(int megabytes) => Shell.Run(_mount.Root, $"mkdir disk && mount -t tmpfs -o size={megabytes}m none disk");

    /// <summary>Where it is mounted.</summary>
    public string Root => _mount.At("disk");

    /// <summary>Takes all the room there is, but for so many bytes.</summary>
    public void Fill(int butFor = 0)
    {
        long free = new DriveInfo(Root).AvailableFreeSpace - butFor;
        using FileStream filler = new(Path.Combine(Root, "filler"), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[4096];
        for (long written = 0; written + block.Length <= free; written += block.Length)
        {
            filler.Write(block);
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Path.Combine(Root, "filler"));

    /// <inheritdoc/>
    public void Dispose()
    {
        Shell.Run(_mount.Root, "umount disk");
        _mount.Dispose();
    }
}
