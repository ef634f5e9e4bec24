using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.Storage.Files;
using WebDav.Storage.Linux;

namespace WebDav.Storage;

/// <summary>
/// A directory of this machine, served. Every operation goes through handles of directories that are held open, so that no
/// path can be made to lead outside between the check and the deed.
/// </summary>
internal sealed class FileStore : IStore, IDisposable
{
    private readonly Volume _volume;

    /// <summary>Opens the directory; nothing is made or changed on the disk before <see cref="Prepare"/>.</summary>
    /// <exception cref="StoreException">It is not there, or may not be opened.</exception>
    public FileStore(FileStoreOptions options, ILogger<FileStore> log)
    {
        _volume = new Volume(options, log);
        Sharing = new SharedStaging(_volume, options.StagingDirectory);
    }

    /// <summary>How it is shared with other servers, where it is.</summary>
    public ISharedStaging Sharing { get; }

    /// <inheritdoc/>
    public int MaximumNameBytes => 255; // NAME_MAX, limits.h(0p)

    /// <summary>How paths without links are opened.</summary>
    internal DirectPath Direct => _volume.Resolver.Direct;

    /// <summary>Where the files are.</summary>
    internal Volume Volume => _volume;

    /// <summary>Makes the staging directory and clears what an earlier run has left. Before the first write, and once.</summary>
    public void Prepare()
    {
        if (!_volume.IsReadOnly)
        {
            _volume.Staging.Prepare();
        }
    }

    /// <inheritdoc/>
    public ValueTask<Entry?> FindAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_volume.Find(path));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ListAsync(DavPath collection, CancellationToken cancellation) =>
        CollectionListing.ReadAsync(_volume, collection, cancellation);

    /// <inheritdoc/>
    public ValueTask<IContent> OpenAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var file = FileContent.Open(_volume, path, out var stat, out var isLink);
        return ValueTask.FromResult<IContent>(new FileContent(file, FileEntry.Of(path, stat, isLink)));
    }

    /// <inheritdoc/>
    public ValueTask<IUpload> UploadAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IUpload>(FileUpload.Begin(_volume, path));
    }

    /// <inheritdoc/>
    public ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var place = _volume.PlaceToWrite(path);
        if (_volume.IsShared)
        {
            SharedNames.MakeCollection(_volume, place, path);
        }
        else if (Posix.MakeDirectory(place.Directory, place.Name) is not Errno.None and var error)
        {
            throw error == Errno.Exists ? _volume.Occupied(path) : error.AtParent(path, "making the collection");
        }

        _volume.Settle(place.Directory, path);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IStagedTree> StageTreeAsync(DavPath destination, bool keepTimes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = _volume.PlaceToWrite(destination);
        try
        {
            if (Posix.StatAt(place.Directory, place.Name, out _) == Errno.None && _volume.Find(destination) is null)
            {
                throw _volume.Occupied(destination); // before hours are spent on a copy that cannot be put there
            }

            var staged = _volume.Staging.Reserve(place.Directory, destination);
            return ValueTask.FromResult<IStagedTree>(new StagedTree(_volume, destination, place, staged, keepTimes));
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IDisplaced?> RenameAsync(DavPath source, DavPath destination, bool replace, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Relocation.Run(_volume, source, destination, replace));
    }

    /// <inheritdoc/>
    public IRemoval BeginRemoval() => new Removal(_volume);

    /// <inheritdoc/>
    public ValueTask ChangeAsync(DavPath path, EntryChange change, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Attributes.Change(_volume, path, change);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<StoreFault?> CheckWritableAsync(Entry entry, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_volume.IsReadOnly)
        {
            return ValueTask.FromResult<StoreFault?>(StoreFault.Denied);
        }

        var error = _volume.Resolver.Look(entry.Path, out var place, out _, out _);
        using (place)
        {
            error = error == Errno.None ? Posix.CheckWrite(place.Directory, place.Name) : error;
            return ValueTask.FromResult<StoreFault?>(error switch
            {
                Errno.None => null,
                _ when error.MeansAbsent() => StoreFault.NotFound,
                _ => error.ToFault(),
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreSpace> SpaceAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var at = path; ; at = at.Parent)
        {
            var error = _volume.Resolver.Parent(at, out var place);
            using (place)
            {
                var space = default(StoreSpace);
                error = error == Errno.None ? Room.At(place, out space) : error;
                if (error == Errno.None)
                {
                    return ValueTask.FromResult(space);
                }
            }

            if (at.IsRoot)
            {
                throw error.At(path, "asking for the room left");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _volume.Dispose();
}
