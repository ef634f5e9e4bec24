using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// Removes a collection without members. What clients cannot see cannot keep a collection alive, or they could never delete it:
/// entries that are no resources go with it.
/// </summary>
internal static class CollectionRemoval
{
    /// <summary>Removes it.</summary>
    /// <exception cref="StoreException"><see cref="StoreFault.NotEmpty"/> if it has members; nothing has been removed then.</exception>
    public static void Remove(Volume volume, Place place, DavPath path, CancellationToken cancellation)
    {
        var error = RemoveEmpty(volume, place, path);
        if (error is Errno.NotEmpty or Errno.Exists)
        {
            Sweep(volume, place, path, cancellation);
            error = RemoveEmpty(volume, place, path);
        }

        if (error != Errno.None)
        {
            throw (error == Errno.Exists ? Errno.NotEmpty : error).AtExisting(path, "removing the collection");
        }
    }

    private static Errno RemoveEmpty(Volume volume, Place place, DavPath path) => volume.IsShared
        ? SharedNames.RemoveDirectory(volume, place, path)
        : Posix.RemoveDirectory(place.Directory, place.Name);

    private static void Sweep(Volume volume, Place place, DavPath path, CancellationToken cancellation)
    {
        var error = Posix.OpenAt(place.Directory, place.Name, OpenFlags.ReadDirectory, out var directory);
        using (directory)
        {
            if (error != Errno.None)
            {
                throw error.AtExisting(path, "opening the collection");
            }

            if (Unseen(volume, directory, path, cancellation) is not { } names)
            {
                throw Errno.NotEmpty.At(path, "removing the collection");
            }

            foreach (var name in names)
            {
                foreach (var _ in TreeRemover.Remove(directory, name))
                {
                    cancellation.ThrowIfCancellationRequested();
                }
            }
        }
    }

    // The names of what is no resource; null if there is a member.
    private static List<byte[]>? Unseen(Volume volume, SafeFileHandle directory, DavPath path, CancellationToken cancellation)
    {
        var unseen = new List<byte[]>();
        var error = DirectoryReader.Open(directory, NameBytes.Itself, out var reader);
        using (reader)
        {
            while (error == Errno.None && reader.Read(out error))
            {
                cancellation.ThrowIfCancellationRequested();
                if (IsMember(volume, reader, path))
                {
                    return null;
                }

                unseen.Add(reader.Name.ToArray());
            }
        }

        return error is Errno.None or Errno.NoEntry ? unseen : throw error.At(path, "reading its entries");
    }

    private static bool IsMember(Volume volume, DirectoryReader reader, DavPath path)
    {
        if (!NameBytes.TryDecode(reader.Name, out var name) || volume.Hidden.Contains(reader.Name))
        {
            return false;
        }

        var error = Posix.StatAt(reader.Directory, reader.Name, out var stat);
        if (error == Errno.None && stat.IsLink)
        {
            error = volume.Resolver.Look(path.Child(name), out var place, out stat, out _);
            place.Dispose();
            return !error.MeansAbsent() && (error != Errno.None || Volume.IsResource(stat));
        }

        return error == Errno.None ? Volume.IsResource(stat) : error != Errno.NoEntry;
    }
}
