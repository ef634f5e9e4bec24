using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>The directory served, open, with what every operation on it needs.</summary>
internal sealed class Volume : IDisposable
{
    private readonly FileStoreOptions _options;
    private readonly SafeFileHandle _root;

    public Volume(FileStoreOptions options, ILogger log)
    {
        _options = options;
        Log = log;
        var error = Posix.Open(NameBytes.Encode(options.Root), OpenFlags.DirectoryHandle, 0, out _root);
        var stat = default(Stat);
        if (error == Errno.None)
        {
            error = Posix.Stat(_root, out stat);
        }

        if (error != Errno.None)
        {
            _root.Dispose();
            throw error.At(DavPath.Root, $"opening {options.Root}");
        }

        var hidden = new HiddenNames();
        Hidden = hidden;
        Resolver = new PathResolver(_root, stat.Identity, options.Symlinks, hidden);
        Staging = new StagingArea(options.StagingDirectory, Flushes, options.Shared, hidden, log);
    }

    public ILogger Log { get; }

    public HiddenNames Hidden { get; }

    public PathResolver Resolver { get; }

    public StagingArea Staging { get; }

    public bool IsReadOnly => _options.ReadOnly;

    /// <summary>Whether other servers serve the same directory.</summary>
    public bool IsShared => _options.Shared;

    public bool FollowsLinks => _options.Symlinks != SymlinkPolicy.Never;

    public bool Flushes => _options.Durability == Durability.Flush;

    /// <summary>The resource at a path, or null where none is.</summary>
    public Entry? Find(DavPath path)
    {
        var error = Resolver.Look(path, out var place, out var stat, out var isLink);
        using (place)
        {
            return error == Errno.None && IsResource(stat) ? FileEntry.Of(path, stat, isLink)
                : error == Errno.None || error.MeansAbsent() ? null
                : throw error.At(path, "looking it up");
        }
    }

    /// <summary>The place of something that will be written or removed by its own name, not by what a link points to.</summary>
    /// <exception cref="StoreException"><see cref="StoreFault.Denied"/> for the root, the reserved name, and in a store that is read-only.</exception>
    public Place PlaceToWrite(DavPath path, HeldCollection? held = null)
    {
        if (IsReadOnly || path.IsRoot || ReservedName.Matches(path.FirstName))
        {
            throw new StoreException(
                StoreFault.Denied, path, IsReadOnly ? "the store is read-only" : path.IsRoot ? "the root stays" : "the name is reserved");
        }

        var error = held is null ? Resolver.Parent(path, out var place) : held.Parent(path, out place);
        if (error == Errno.None && !place.IsReserved)
        {
            return place;
        }

        place.Dispose();
        throw error == Errno.None ? new StoreException(StoreFault.Denied, path, "the name is reserved") : error.AtParent(path, "opening its collection");
    }

    /// <summary>As <see cref="PlaceToWrite"/>, for something that is there already.</summary>
    public Place PlaceOfExisting(DavPath path, out Stat stat, HeldCollection? held = null)
    {
        Place place;
        try
        {
            place = PlaceToWrite(path, held);
        }
        catch (StoreException e) when (e.Fault == StoreFault.NoParent)
        {
            throw new StoreException(StoreFault.NotFound, path, "its collection is not there", e);
        }

        stat = default;
        var error = Hidden.Contains(place.Name) ? Errno.NoEntry : Posix.StatAt(place.Directory, place.Name, out stat);
        if (error == Errno.None && (IsResource(stat) || stat.IsLink))
        {
            return place;
        }

        place.Dispose();
        throw (error == Errno.None ? Errno.NoEntry : error).AtExisting(path, "looking it up");
    }

    /// <summary>The fault of something being where nothing should be: a resource, or what may not be touched.</summary>
    public StoreException Occupied(DavPath path)
    {
        var error = Resolver.Look(path, out var place, out var stat, out _);
        using (place)
        {
            return error == Errno.None && IsResource(stat)
                ? new StoreException(StoreFault.AlreadyExists, path, "something is there")
                : new StoreException(StoreFault.Denied, path, "what is there is no resource");
        }
    }

    /// <summary>How a directory's names are flushed; a test puts a failing disk here.</summary>
    internal Func<SafeFileHandle, Errno> Flush { get; set; } = FlushDirectory.At;

    /// <summary>After a change to a directory's names: waits for the disk, if that was asked for.</summary>
    public void Settle(SafeFileHandle directory, DavPath path)
    {
        if (Flushes && Flush(directory) is not Errno.None and var error)
        {
            throw error.At(path, "flushing its collection");
        }
    }

    /// <summary>
    /// As <see cref="Settle"/>, after something that was done in one step and that others have to follow, as properties follow a
    /// rename: a disk that fails only then does not make it undone, and is a matter of the log.
    /// </summary>
    public void SettleDone(SafeFileHandle directory, DavPath path)
    {
        try
        {
            Settle(directory, path);
        }
        catch (StoreException fault)
        {
            Log.NotFlushed(path.ToString(), fault);
        }
    }

    /// <summary>Whether something can be a resource: a file or a directory.</summary>
    public static bool IsResource(in Stat stat) => stat.IsFile || stat.IsDirectory;

    /// <inheritdoc/>
    public void Dispose()
    {
        Staging.Dispose();
        _root.Dispose();
    }
}
