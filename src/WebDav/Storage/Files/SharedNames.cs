using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// How names are changed where several servers share the directory: nothing is made, moved or removed but by a rename to or from this
/// server's own staging directory. Another server that takes that directory away (<see cref="ISharedStaging.Fence"/>) so stops all
/// that this one was about to do, for a rename to or from a directory that is gone fails, whenever it is tried.
/// </summary>
internal static class SharedNames
{
    /// <summary>Makes an empty collection.</summary>
    public static void MakeCollection(Volume volume, Place place, DavPath path)
    {
        using var staged = volume.Staging.Reserve(place.Directory, path);
        var error = Posix.MakeDirectory(staged.Directory, staged.Name);
        if (error != Errno.None)
        {
            throw volume.Staging.FaultOf(staged, error.AtParent(path, "making the collection"));
        }

        error = Replacement.RenameToNew(staged.Directory, staged.Name, place);
        if (error == Errno.None)
        {
            return;
        }

        var fault = volume.Staging.FaultOf(staged, error == Errno.Exists ? volume.Occupied(path) : error.AtParent(path, "making the collection"));
        Posix.RemoveDirectory(staged.Directory, staged.Name);
        throw fault;
    }

    /// <summary>Removes a file or a link.</summary>
    public static void RemoveFile(Volume volume, Place place, DavPath path)
    {
        var staged = Withdraw(volume, place, path);
        staged.Discard();
    }

    /// <summary>Removes a directory if it is empty; else it keeps its name.</summary>
    public static Errno RemoveDirectory(Volume volume, Place place, DavPath path)
    {
        // Looked at first, so that one with members does not vanish for a moment.
        if (!IsEmpty(place))
        {
            return Errno.NotEmpty;
        }

        using var staged = Withdraw(volume, place, path);
        var error = Posix.RemoveDirectory(staged.Directory, staged.Name);
        if (error != Errno.None)
        {
            GiveBack(volume, staged, place, path);
        }

        return error;
    }

    /// <summary>Renames a resource; see <see cref="IStore.RenameAsync"/>. For a moment, it has neither name.</summary>
    public static IDisplaced? Move(Volume volume, Place from, DavPath source, Place to, DavPath destination, bool replace)
    {
        Replacement.Guard(volume, from, to, destination);
        var staged = Withdraw(volume, from, source);
        bool exchanged;
        StagedName? aside;
        try
        {
            exchanged = Replacement.Put(volume, staged.Directory, staged.Name, to, destination, replace, out aside);
        }
        catch (StoreException failed)
        {
            var fault = volume.Staging.FaultOf(staged, failed);
            if (fault.Fault != StoreFault.Superseded)
            {
                GiveBack(volume, staged, from, source); // else whoever took over has given it back
            }

            staged.Dispose();
            throw fault;
        }

        if (exchanged)
        {
            return Replacement.Finish(volume, staged, destination);
        }

        staged.Dispose();
        return aside is null ? null : Replacement.Finish(volume, aside, destination);
    }

    private static StagedName Withdraw(Volume volume, Place place, DavPath path)
    {
        var staged = volume.Staging.Reserve(place.Directory, path);
        var error = Posix.Rename(place.Directory, place.Name, staged.Directory, staged.Name);
        if (error == Errno.None)
        {
            return staged;
        }

        var fault = volume.Staging.IsLost(staged) ? StagingArea.Lost(path)
            : error == Errno.CrossDevice ? error.At(path, "taking it away") : error.AtExisting(path, "taking it away");
        staged.Dispose();
        throw fault;
    }

    private static void GiveBack(Volume volume, StagedName staged, Place place, DavPath path)
    {
        if (Replacement.RenameToNew(staged.Directory, staged.Name, place) is not Errno.None and var error)
        {
            volume.Log.NotGivenBack(path.ToString(), error.At(path, "giving it its name back"));
        }
    }

    private static bool IsEmpty(Place place)
    {
        if (DirectoryReader.Open(place.Directory, place.Name, out var reader) != Errno.None)
        {
            return true; // whether it may be removed without being read, rmdir(2) knows
        }

        using (reader)
        {
            return !reader.Read(out _);
        }
    }
}
