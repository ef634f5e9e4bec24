using Microsoft.Win32.SafeHandles;

namespace WebDav.Storage.Linux;

/// <summary>System calls on the content and the attributes of an open file.</summary>
internal static unsafe class FileIo
{
    private const nuint CloneRequest = 0x40049409; // FICLONE, ioctl_ficlone(2)
    private const int KeepSize = 1; // FALLOC_FL_KEEP_SIZE
    private static readonly int s_copyRange =
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 285 : 326;

    /// <summary>Reads at an offset; 0 bytes at the end.</summary>
    public static Errno Read(SafeFileHandle file, Span<byte> buffer, long offset, out int bytes)
    {
        fixed (byte* p = buffer)
        {
            nint result;
            do
            {
                result = Libc.Read(file, p, (nuint)buffer.Length, offset);
            }
            while (result < 0 && Posix.Interrupted);

            bytes = result < 0 ? 0 : (int)result;
            return Posix.Of(result);
        }
    }

    /// <summary>Writes all of the bytes at an offset.</summary>
    public static Errno Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* p = bytes)
        {
            var done = 0;
            while (done < bytes.Length)
            {
                var result = Libc.Write(file, p + done, (nuint)(bytes.Length - done), offset + done);
                if (result >= 0)
                {
                    done += (int)result;
                }
                else if (!Posix.Interrupted)
                {
                    return Posix.Of(result);
                }
            }

            return Errno.None;
        }
    }

    /// <summary>Lets a file share all the blocks of another, on file systems that can.</summary>
    public static Errno Clone(SafeFileHandle from, SafeFileHandle to) => Posix.Of(Libc.Control(to, CloneRequest, from));

    /// <summary>Copies bytes from an offset of one file to one of another within the kernel (copy_file_range(2)).</summary>
    public static Errno CopyRange(SafeFileHandle from, long source, SafeFileHandle to, long target, long count, out long bytes)
    {
        nint result;
        do
        {
            result = Libc.CopyRange(s_copyRange, from, &source, to, &target, (nuint)count, 0);
        }
        while (result < 0 && Posix.Interrupted);

        bytes = result < 0 ? 0 : result;
        return Posix.Of(result);
    }

    /// <summary>The first byte at or after an offset that is not in a hole; <see cref="Errno.NoDevice"/> if only a hole is left (lseek(2)).</summary>
    public static Errno SeekData(SafeFileHandle file, long offset, out long data) => Seek(file, offset, 3, out data);

    /// <summary>The first byte at or after an offset that is in a hole; the end of a file counts as one.</summary>
    public static Errno SeekHole(SafeFileHandle file, long offset, out long hole) => Seek(file, offset, 4, out hole);

    public static Errno SetLength(SafeFileHandle file, long length) => Posix.Of(Libc.Truncate(file, length));

    /// <summary>Room for bytes that are to come, beyond the end of the file, too; its length stays (fallocate(2)).</summary>
    public static Errno Reserve(SafeFileHandle file, long offset, long count)
    {
        int result;
        do
        {
            result = Libc.Allocate(file, KeepSize, offset, count);
        }
        while (result < 0 && Posix.Interrupted);

        return Posix.Of(result);
    }

    public static Errno SetPermissions(SafeFileHandle file, uint permissions) => Posix.Of(Libc.ChangeMode(file, permissions));

    public static Errno SetOwner(SafeFileHandle file, uint user, uint group) => Posix.Of(Libc.ChangeOwner(file, user, group));

    public static Errno SetTimes(SafeFileHandle file, FileTime accessed, FileTime modified)
    {
        var times = stackalloc FileTime[] { accessed, modified };
        return Posix.Of(Libc.SetTimes(file, times));
    }

    /// <summary>Waits until the disk has it (fsync(2)).</summary>
    public static Errno Flush(SafeFileHandle file)
    {
        int result;
        do
        {
            result = Libc.Sync(file);
        }
        while (result < 0 && Posix.Interrupted);

        return Posix.Of(result);
    }

    /// <summary>Room on the file system that a handle is on.</summary>
    public static Errno Space(SafeFileHandle file, out StoreSpace space)
    {
        StatvfsBuffer raw;
        var result = Libc.StatFileSystem(file, &raw);
        space = result < 0
            ? default
            : new StoreSpace(Bytes(raw.Available, raw.FragmentSize), Bytes(raw.Blocks - raw.Free, raw.FragmentSize));
        return Posix.Of(result);
    }

    private static Errno Seek(SafeFileHandle file, long offset, int whence, out long found)
    {
        found = Libc.Seek(file, offset, whence);
        return Posix.Of((nint)found);
    }

    private static long Bytes(ulong blocks, ulong size) =>
        Math.BigMul(blocks, size, out var bytes) == 0 && bytes <= long.MaxValue ? (long)bytes : long.MaxValue;
}
