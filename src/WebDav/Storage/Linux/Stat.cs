namespace WebDav.Storage.Linux;

/// <summary>What the kernel knows about a file, a directory or anything else that has a name (statx(2)).</summary>
internal readonly struct Stat
{
    private const uint TypeMask = 0xF000;
    private const uint BirthTimeKnown = 0x800;
    private readonly StatxBuffer _raw;

    /// <summary>Wraps what the kernel filled in.</summary>
    public Stat(StatxBuffer raw) => _raw = raw;

    public Identity Identity => new(Device, _raw.Inode);

    public ulong Device => ((ulong)_raw.DeviceMajor << 32) | _raw.DeviceMinor;

    /// <summary>Whether its file system is on a block device; those of other machines are not, nor is tmpfs or Btrfs.</summary>
    public bool IsOnDevice => _raw.DeviceMajor != 0;

    /// <summary>The mount it was reached through; 0 before Linux 5.8. Renames cannot cross from one to another, even of one device.</summary>
    public ulong Mount => _raw.Mount;

    /// <summary>How many names it has; of a directory, something else.</summary>
    public uint Links => _raw.Links;

    public long Size => (long)_raw.Size;

    /// <summary>How many bytes of the disk it takes.</summary>
    public long Room => (long)_raw.Blocks * 512;

    /// <summary>Whether it takes less than its size needs: there are holes in it, or it is compressed or very small.</summary>
    public bool MayHaveHoles => Room < Size;

    public uint User => _raw.User;

    public uint Group => _raw.Group;

    /// <summary>Read, write and execute for owner, group and others, without set-user-ID and its kin.</summary>
    public uint Permissions => _raw.Mode & 0x1FFu;

    public bool IsFile => (_raw.Mode & TypeMask) == 0x8000;

    public bool IsDirectory => (_raw.Mode & TypeMask) == 0x4000;

    public bool IsLink => (_raw.Mode & TypeMask) == 0xA000;

    public FileTime Accessed => new(_raw.AccessedSeconds, _raw.AccessedNanoseconds);

    public FileTime Modified => new(_raw.ModifiedSeconds, _raw.ModifiedNanoseconds);

    /// <summary>When content, name count, owner or permissions changed last: no program can set it back.</summary>
    public FileTime Changed => new(_raw.ChangedSeconds, _raw.ChangedNanoseconds);

    /// <summary>When it was made, or when it was modified where the file system does not keep that.</summary>
    public FileTime Born => (_raw.Mask & BirthTimeKnown) != 0 ? new(_raw.BornSeconds, _raw.BornNanoseconds) : Modified;
}
