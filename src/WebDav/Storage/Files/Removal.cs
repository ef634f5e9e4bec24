using System.Collections.Concurrent;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Removes resources, and holds the collections they are in from one to the next: as many as are at work at once.</summary>
internal sealed class Removal(Volume volume) : IRemoval
{
    private readonly ConcurrentBag<HeldCollection> _idle = [];

    /// <inheritdoc/>
    public ValueTask RemoveAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_idle.TryTake(out var held))
        {
            held = new HeldCollection(volume.Resolver);
        }

        try
        {
            Remove(path, held, cancellation);
        }
        finally
        {
            _idle.Add(held);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out var held))
        {
            held.Dispose();
        }
    }

    private void Remove(DavPath path, HeldCollection held, CancellationToken cancellation)
    {
        var place = volume.PlaceOfExisting(path, out var stat, held);
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
    }
}
