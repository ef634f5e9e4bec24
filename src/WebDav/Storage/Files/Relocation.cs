using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Renames a resource.</summary>
internal static class Relocation
{
    /// <summary>Renames it; see <see cref="IStore.RenameAsync"/>.</summary>
    public static IDisplaced? Run(Volume volume, DavPath source, DavPath destination, bool replace)
    {
        if (source.IsAtOrBelow(destination) || destination.IsBelow(source))
        {
            throw new StoreException(StoreFault.Denied, destination, $"{source} cannot become it");
        }

        using var from = volume.PlaceOfExisting(source, out var stat);
        if (stat.IsLink && volume.Find(source) is null)
        {
            throw Errno.NoEntry.AtExisting(source, "following the link");
        }

        using var to = volume.PlaceToWrite(destination);
        if (volume.IsShared && !stat.IsLink) // a link is not what its number says: whoever takes over would not know it again
        {
            var left = SharedNames.Move(volume, from, source, to, destination, replace);
            volume.SettleDone(to.Directory, destination);
            volume.SettleDone(from.Directory, source);
            return left;
        }

        var exchanged = Replacement.Put(volume, from.Directory, from.Name, to, destination, replace, out var aside);
        var displaced = aside is not null ? Replacement.Finish(volume, aside, destination)
            : exchanged ? ClearSource(volume, from, source, destination)
            : null;
        volume.SettleDone(to.Directory, destination);
        volume.SettleDone(from.Directory, source);
        return displaced;
    }

    // After an exchange the old thing has the source's name. The rename is done by then: what fails here does not undo it.
    private static IDisplaced? ClearSource(Volume volume, Place from, DavPath source, DavPath destination)
    {
        if (Posix.Unlink(from.Directory, from.Name) == Errno.None || Posix.RemoveDirectory(from.Directory, from.Name) == Errno.None)
        {
            return null;
        }

        try
        {
            return Replacement.Finish(volume, PutAway(volume, from, source), destination);
        }
        catch (StoreException fault)
        {
            volume.Log.DisplacedInSight(source.ToString(), fault);
            return DisplacedInSight.At(from, source, volume.Log);
        }
    }

    private static StagedName PutAway(Volume volume, Place from, DavPath source)
    {
        while (true)
        {
            var staged = volume.Staging.Reserve(from.Directory, source);
            var error = Posix.Rename(from.Directory, from.Name, staged.Directory, staged.Name);
            if (error == Errno.None)
            {
                return staged;
            }

            var apart = !staged.IsBeside && error == Errno.CrossDevice;
            staged.Dispose();
            if (!apart)
            {
                throw error.At(source, "moving away what was replaced");
            }

            volume.Staging.SetApart(from.Directory);
        }
    }
}
