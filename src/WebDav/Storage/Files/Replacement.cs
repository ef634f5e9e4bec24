using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// Puts something that is whole at a destination in one step, whatever stands there. There is no moment without either the old
/// or the new one, except on file systems that cannot exchange two names.
/// </summary>
internal static class Replacement
{
    private const int MostAttempts = 16;

    /// <summary>Puts it there.</summary>
    /// <param name="volume">Where all of this happens.</param>
    /// <param name="directory">The directory of the thing to put.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="target">The destination.</param>
    /// <param name="path">The destination's path.</param>
    /// <param name="replace">Whether something may be replaced.</param>
    /// <param name="aside">What stood there, if it had to be moved away first.</param>
    /// <returns>Whether what stood there now has the old name of the thing that was put.</returns>
    /// <exception cref="StoreException">Nothing has changed then.</exception>
    public static bool Put(
        Volume volume, SafeFileHandle directory, byte[] name, Place target, DavPath path, bool replace, out StagedName? aside)
    {
        aside = null;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var error = Posix.StatAt(target.Directory, target.Name, out var old);
            if (!replace || error == Errno.NoEntry)
            {
                error = RenameToNew(directory, name, target);
                if (error == Errno.None)
                {
                    return false;
                }

                if (replace && error == Errno.Exists)
                {
                    continue; // it came a moment ago
                }

                throw error == Errno.Exists ? volume.Occupied(path) : Failed(error, path);
            }

            Check(error, path);
            Check(Posix.StatAt(directory, name, out var mine), path);
            Guard(volume, directory, name, mine, target, path, old);
            var plain = !mine.IsDirectory && !old.IsDirectory;
            error = plain ? PutFile(directory, name, mine, target, old)
                : Posix.Rename(directory, name, target.Directory, target.Name, RenameHow.Exchange);
            switch (error)
            {
                case Errno.None:
                    return !plain;
                case Errno.NoEntry or Errno.IsDirectory or Errno.NotDirectory:
                    continue; // the destination went or changed its kind a moment ago
                case Errno.Invalid or Errno.NoSystemCall or Errno.NotSupported when !plain:
                    aside = PutInTwoSteps(volume, directory, name, target, path);
                    return false;
                default:
                    throw Failed(error, path);
            }
        }

        throw Errno.Busy.At(path, "renaming over it");
    }

    /// <summary>Renames to a name that must be free.</summary>
    public static Errno RenameToNew(SafeFileHandle directory, byte[] name, Place target)
    {
        var error = Posix.Rename(directory, name, target.Directory, target.Name, RenameHow.NoReplace);
        if (error is not (Errno.Invalid or Errno.NoSystemCall or Errno.NotSupported))
        {
            return error;
        }

        // This file system cannot promise it (some network drives): look, then rename. The lease on the path keeps our own
        // requests out of the gap.
        return Posix.StatAt(target.Directory, target.Name, out _) == Errno.None
            ? Errno.Exists
            : Posix.Rename(directory, name, target.Directory, target.Name);
    }

    /// <summary>What is done with something that was replaced: a file goes at once, a collection is handed on to be removed.</summary>
    public static IDisplaced? Finish(Volume volume, StagedName old, DavPath path)
    {
        if (Posix.StatAt(old.Directory, old.Name, out var stat) == Errno.None && stat.IsDirectory)
        {
            return new Displaced(old, path, volume.Log);
        }

        old.Discard();
        return null;
    }

    /// <summary>As <see cref="Put"/> over something, on file systems that cannot exchange two names: for a moment, nothing is there.</summary>
    /// <returns>Where what stood there is now.</returns>
    public static StagedName PutInTwoSteps(Volume volume, SafeFileHandle directory, byte[] name, Place target, DavPath path)
    {
        var aside = volume.Staging.Reserve(target.Directory, path);
        var error = Posix.Rename(target.Directory, target.Name, aside.Directory, aside.Name);
        if (error == Errno.None)
        {
            error = Posix.Rename(directory, name, target.Directory, target.Name);
            if (error == Errno.None)
            {
                return aside;
            }

            Posix.Rename(aside.Directory, aside.Name, target.Directory, target.Name);
        }

        aside.Dispose();
        throw Failed(error, path);
    }

    /// <summary>Checks what <see cref="Put"/> would, for something that is going to be put from elsewhere than where it is.</summary>
    public static void Guard(Volume volume, Place from, Place target, DavPath path)
    {
        if (Posix.StatAt(target.Directory, target.Name, out var old) == Errno.None)
        {
            Check(Posix.StatAt(from.Directory, from.Name, out var mine), path);
            Guard(volume, from.Directory, from.Name, mine, target, path, old);
        }
    }

    private static void Guard(
        Volume volume, SafeFileHandle directory, byte[] name, in Stat mine, Place target, DavPath path, in Stat old)
    {
        if (mine.Identity == old.Identity && SameEntry.May(directory, name, mine, target, old))
        {
            throw new StoreException(StoreFault.Denied, path, "the destination is the source");
        }

        if (!Volume.IsResource(old) && volume.Find(path) is null)
        {
            throw new StoreException(StoreFault.Denied, path, "what is there is no resource");
        }

        if (old.IsDirectory && Ancestry.Holds(directory, old.Identity))
        {
            throw new StoreException(StoreFault.Denied, path, "the destination holds the source");
        }
    }

    private static Errno PutFile(SafeFileHandle directory, byte[] name, in Stat mine, Place target, in Stat old) =>
        mine.Identity == old.Identity
            ? Posix.Unlink(directory, name) // two names of one file, see Guard: rename(2) would do nothing and say that it had
            : Posix.Rename(directory, name, target.Directory, target.Name);

    private static StoreException Failed(Errno error, DavPath path) =>
        error == Errno.CrossDevice ? error.At(path, "renaming to it") : error.AtParent(path, "renaming to it");

    private static void Check(Errno error, DavPath path)
    {
        if (error != Errno.None)
        {
            throw error.AtParent(path, "looking at the destination");
        }
    }
}
