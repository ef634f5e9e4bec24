using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>What directories a directory is in.</summary>
internal static class Ancestry
{
    /// <summary>Whether a directory is the one looked for, or is somewhere below it.</summary>
    public static bool Holds(SafeFileHandle directory, Identity ancestor)
    {
        var error = Posix.OpenAt(directory, NameBytes.Itself, OpenFlags.DirectoryHandle, out var at);
        var below = default(Identity);
        while (error == Errno.None && (error = Posix.Stat(at, out var stat)) == Errno.None)
        {
            if (stat.Identity == ancestor || stat.Identity == below)
            {
                break; // found, or the top, which is above itself
            }

            below = stat.Identity;
            using var last = at;
            error = Posix.OpenAt(last, "..\0"u8, OpenFlags.DirectoryHandle, out at);
        }

        using (at)
        {
            return error == Errno.None && Posix.Stat(at, out var found) == Errno.None && found.Identity == ancestor;
        }
    }
}
