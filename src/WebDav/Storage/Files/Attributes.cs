using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Sets the times and permissions of what is there.</summary>
internal static class Attributes
{
    private const uint AnyWrite = 0x92; // -w--w--w-
    private const uint OwnerWrite = 0x80;

    /// <summary>Whether a file is for reading only: nobody may write it.</summary>
    public static bool IsReadOnly(in Stat stat) => stat.IsFile && (stat.Permissions & AnyWrite) == 0;

    /// <summary>Changes them; see <see cref="IStore.ChangeAsync"/>.</summary>
    public static void Change(Volume volume, DavPath path, EntryChange change)
    {
        if (volume.IsReadOnly)
        {
            throw new StoreException(StoreFault.Denied, path, "the store is read-only");
        }

        using var file = Open(volume, path, out var stat);
        var accessed = change.Accessed is { } read ? FileTime.From(read) : FileTime.Omit;
        var modified = change.Modified is { } written ? FileTime.From(written) : FileTime.Omit;
        Check(FileIo.SetTimes(file, accessed, modified), path, "setting its times");
        var error = change.ReadOnly is { } readOnly && stat.IsFile ? SetReadOnly(file, stat, readOnly) : Errno.None;
        if (error == Errno.None && volume.Flushes)
        {
            error = FileIo.Flush(file);
        }

        if (error != Errno.None)
        {
            FileIo.SetTimes(file, stat.Accessed, stat.Modified);
            throw error.At(path, "setting its permissions");
        }
    }

    private static Errno SetReadOnly(SafeFileHandle file, in Stat stat, bool readOnly)
    {
        var permissions = readOnly ? stat.Permissions & ~AnyWrite
            : IsReadOnly(stat) ? stat.Permissions | OwnerWrite
            : stat.Permissions;
        return permissions == stat.Permissions ? Errno.None : FileIo.SetPermissions(file, permissions);
    }

    private static SafeFileHandle Open(Volume volume, DavPath path, out Stat stat)
    {
        var error = volume.Resolver.Look(path, out var place, out stat, out _);
        using (place)
        {
            // Looked at first: merely opening a device can set it going (open(2), O_NONBLOCK).
            if (error == Errno.None && Volume.IsResource(stat))
            {
                error = Posix.OpenAt(place.Directory, place.Name, stat.IsDirectory ? OpenFlags.ReadDirectory : OpenFlags.ReadFile, out var file);
                error = error == Errno.None ? Posix.Stat(file, out stat) : error;
                if (error == Errno.None && Volume.IsResource(stat))
                {
                    return file;
                }

                file.Dispose();
            }
        }

        throw (error == Errno.None ? Errno.NoEntry : error).AtExisting(path, "opening it");
    }

    private static void Check(Errno error, DavPath path, string doing)
    {
        if (error != Errno.None)
        {
            throw error.At(path, doing);
        }
    }
}
