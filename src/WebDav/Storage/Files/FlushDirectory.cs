using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Waits until the disk has a directory's list of names: a file's own fsync(2) does not do that.</summary>
internal static class FlushDirectory
{
    /// <summary>Flushes the directory that a handle stands for.</summary>
    public static Errno At(SafeFileHandle directory)
    {
        var error = Posix.OpenAt(directory, NameBytes.Itself, OpenFlags.ReadDirectory, out var file);
        using (file)
        {
            error = error == Errno.None ? FileIo.Flush(file) : error;
        }

        // Some file systems have nothing to flush in a directory (fsync(2), EINVAL).
        return error == Errno.Invalid ? Errno.None : error;
    }
}
