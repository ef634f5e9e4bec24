using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Removes resources, and holds the collection they are in from one to the next.</summary>
internal sealed class Removal(Volume volume) : IRemoval
{
    private readonly HeldCollection _held = new(volume.Resolver);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = volume.PlaceOfExisting(path, out var stat, _held);
        if (stat.IsDirectory)
        {
            CollectionRemoval.Remove(volume, place, path, cancellation);
        }
        else if (volume.IsShared)
        {
            SharedNames.RemoveFile(volume, place, path);
        }
        else if (Posix.Unlink(place.Directory, place.Name) is not Errno.None and var error)
        {
            throw error.AtExisting(path, "removing it");
        }

        volume.Settle(place.Directory, path);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
