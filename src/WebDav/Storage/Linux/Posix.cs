using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebDav.Storage.Linux;

/// <summary>
/// System calls on names below a directory handle. Each gives back what went wrong instead of throwing, since most callers
/// expect some of it; interrupted calls are repeated. Names are bytes that end in NUL.
/// </summary>
internal static unsafe class Posix
{
    private const int NotFollowing = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int NoAutomount = 0x800; // AT_NO_AUTOMOUNT
    private const int ItselfIfEmpty = 0x1000; // AT_EMPTY_PATH
    private const uint StatMask = 0xFFF | 0x1000; // STATX_BASIC_STATS, STATX_BTIME, STATX_MNT_ID

    private static readonly bool s_arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static Errno Open(ReadOnlySpan<byte> path, int flags, uint mode, out SafeFileHandle file)
    {
        fixed (byte* p = path)
        {
            int result;
            do
            {
                result = Libc.Open(p, flags, mode);
            }
            while (result < 0 && Interrupted);

            return Opened(result, out file);
        }
    }

    public static Errno OpenAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, out SafeFileHandle file, uint mode = 0)
    {
        fixed (byte* p = name)
        {
            int result;
            do
            {
                result = Libc.OpenAt(directory, p, flags, mode);
            }
            while (result < 0 && Interrupted);

            return Opened(result, out file);
        }
    }

    /// <summary>openat2(2): the whole path in one call, with no link on the way and nothing outside the directory.</summary>
    public static Errno OpenBelow(SafeFileHandle directory, ReadOnlySpan<byte> path, int flags, out SafeFileHandle file)
    {
        var how = new OpenHow((ulong)flags, 0, OpenHow.Beneath | OpenHow.NoLinks | OpenHow.NoMagicLinks);
        fixed (byte* p = path)
        {
            nint result;
            do
            {
                result = Libc.OpenAt2(437, directory, p, &how, (nuint)sizeof(OpenHow));
            }
            while (result < 0 && Interrupted);

            return Opened((int)result, out file);
        }
    }

    public static Errno StatAt(SafeFileHandle directory, ReadOnlySpan<byte> name, out Stat stat)
    {
        StatxBuffer raw;
        fixed (byte* p = name)
        {
            int result;
            do
            {
                result = Libc.Statx(directory, p, NotFollowing | NoAutomount | ItselfIfEmpty, StatMask, &raw);
            }
            while (result < 0 && Interrupted);

            stat = result < 0 ? default : new Stat(raw);
            return Of(result);
        }
    }

    /// <summary>What an open handle stands for.</summary>
    public static Errno Stat(SafeFileHandle file, out Stat stat) => StatAt(file, "\0"u8, out stat);

    /// <summary>The text of the link that a handle stands for.</summary>
    public static Errno ReadLink(SafeFileHandle link, out byte[] text)
    {
        var buffer = stackalloc byte[4096];
        byte empty = 0;
        var length = Libc.ReadLinkAt(link, &empty, buffer, 4096);
        text = length < 0 ? [] : new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
        return Of(length);
    }

    /// <summary>The absolute path of an open handle, as /proc knows it (proc(5)).</summary>
    public static Errno PathOf(SafeFileHandle file, out byte[] path)
    {
        var name = System.Text.Encoding.ASCII.GetBytes($"/proc/self/fd/{file.DangerousGetHandle()}\0");
        var buffer = stackalloc byte[4096];
        fixed (byte* p = name)
        {
            var length = Libc.ReadLink(p, buffer, 4096);
            path = length < 0 ? [] : new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
            return length == 4096 ? Errno.NameTooLong : Of(length);
        }
    }

    public static Errno Unlink(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* p = name)
        {
            return Of(Libc.UnlinkAt(directory, p, 0));
        }
    }

    public static Errno RemoveDirectory(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* p = name)
        {
            return Of(Libc.UnlinkAt(directory, p, 0x200)); // AT_REMOVEDIR
        }
    }

    public static Errno MakeDirectory(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* p = name)
        {
            return Of(Libc.MakeDirectoryAt(directory, p, 0x1FF));
        }
    }

    public static Errno Rename(SafeFileHandle from, ReadOnlySpan<byte> fromName, SafeFileHandle to, ReadOnlySpan<byte> toName)
    {
        fixed (byte* f = fromName, t = toName)
        {
            return Of(Libc.RenameAt(from, f, to, t));
        }
    }

    /// <summary>renameat2(2): a rename with a promise; the file system may not be able to give it (Invalid, NoSystemCall).</summary>
    public static Errno Rename(SafeFileHandle from, ReadOnlySpan<byte> fromName, SafeFileHandle to, ReadOnlySpan<byte> toName, RenameHow how)
    {
        fixed (byte* f = fromName, t = toName)
        {
            return Of(Libc.RenameAt2(s_arm ? 276 : 316, from, f, to, t, (nuint)how));
        }
    }

    /// <summary>Whether this process may write what has a name, by its effective user (faccessat(2)).</summary>
    public static Errno CheckWrite(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* p = name)
        {
            return Of(Libc.AccessAt(directory, p, 2, 0x200)); // W_OK, AT_EACCESS
        }
    }

    /// <summary>Fills a buffer with directory entries (getdents64(2)); 0 bytes at the end.</summary>
    public static Errno ReadDirectory(SafeFileHandle directory, Span<byte> buffer, out int bytes)
    {
        fixed (byte* p = buffer)
        {
            nint result;
            do
            {
                result = Libc.ReadDirectory(s_arm ? 61 : 217, directory, p, (nuint)buffer.Length);
            }
            while (result < 0 && Interrupted);

            bytes = result < 0 ? 0 : (int)result;
            return Of(result);
        }
    }

    /// <summary>The error of the last call, where its result was negative.</summary>
    internal static Errno Of(nint result) => result < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;

    internal static bool Interrupted => Marshal.GetLastPInvokeError() == (int)Errno.Interrupted;

    private static Errno Opened(int result, out SafeFileHandle file)
    {
        var error = Of(result);
        file = new SafeFileHandle(result, ownsHandle: true);
        return error;
    }
}
