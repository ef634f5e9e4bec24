using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>The members of a collection.</summary>
internal static class CollectionListing
{
    private const int EntriesAtOnce = 1024;

    /// <summary>Reads them; see <see cref="IStore.ListAsync"/>.</summary>
    public static async IAsyncEnumerable<Entry> ReadAsync(
        Volume volume, DavPath collection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var reader = Open(volume, collection, out var isRoot);
        var steps = 0;
        Errno error;
        while (reader.Read(out error))
        {
            cancellation.ThrowIfCancellationRequested();
            if (++steps % EntriesAtOnce == 0)
            {
                await Task.Yield(); // lets others have the thread
            }

            if (Member(volume, collection, reader, isRoot) is { } member)
            {
                yield return member;
            }
        }

        // A directory that was removed while it was read has no more members (getdents(2), ENOENT).
        if (error is not (Errno.None or Errno.NoEntry))
        {
            throw error.At(collection, "reading its entries");
        }
    }

    private static DirectoryReader Open(Volume volume, DavPath collection, out bool isRoot)
    {
        var error = volume.Resolver.Look(collection, out var place, out var stat, out _);
        using (place)
        {
            isRoot = error == Errno.None && volume.Resolver.IsRoot(stat);
            error = error == Errno.None && !stat.IsDirectory ? Errno.NotDirectory : error;
            if (error == Errno.None)
            {
                error = DirectoryReader.Open(place.Directory, place.Name, out var reader);
                if (error == Errno.None)
                {
                    return reader;
                }

                reader.Dispose();
            }
        }

        throw error.AtExisting(collection, "opening the collection");
    }

    private static Entry? Member(Volume volume, DavPath collection, DirectoryReader reader, bool isRoot)
    {
        if (reader.Type is not (EntryType.File or EntryType.Directory or EntryType.Link or EntryType.Unknown)
            || volume.Hidden.Contains(reader.Name))
        {
            return null;
        }

        if (!NameBytes.TryDecode(reader.Name, out var name))
        {
            if (volume.Log.IsEnabled(LogLevel.Debug))
            {
                volume.Log.NameLeftOut(collection.ToString(), NameBytes.Show(reader.Name));
            }

            return null;
        }

        if (isRoot && ReservedName.Matches(name))
        {
            return null;
        }

        // Vanished since, or unreadable: either way one member less, not a listing less.
        if (Posix.StatAt(reader.Directory, reader.Name, out var stat) != Errno.None)
        {
            return null;
        }

        var path = collection.Child(name);
        return Volume.IsResource(stat) ? FileEntry.Of(path, stat, isLink: false)
            : stat.IsLink && volume.FollowsLinks ? Follow(volume, path)
            : null;
    }

    private static Entry? Follow(Volume volume, DavPath path)
    {
        var error = volume.Resolver.Look(path, out var place, out var stat, out var isLink);
        place.Dispose();
        return error == Errno.None && Volume.IsResource(stat) ? FileEntry.Of(path, stat, isLink) : null;
    }
}
