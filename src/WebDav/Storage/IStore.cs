using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>
/// Where resources are kept. Every method may be called from many requests at once; who may write where is decided before, by
/// leases. Faults are thrown as <see cref="StoreException"/>.
/// </summary>
public interface IStore
{
    /// <summary>Most bytes, in UTF-8, that one name may have.</summary>
    int MaximumNameBytes { get; }

    /// <summary>The resource at a path, or null where none is (RFC 4918 3: the URL is unmapped).</summary>
    ValueTask<Entry?> FindAsync(DavPath path, CancellationToken cancellation);

    /// <summary>
    /// The members of a collection, in no particular order, read as they are asked for: memory does not grow with their number.
    /// Members that vanish meanwhile, and things that are no resources (pipes, devices, links that lead nowhere or outside), are left out.
    /// </summary>
    /// <exception cref="StoreException">The collection cannot be listed; thrown from the first step of the enumeration.</exception>
    IAsyncEnumerable<Entry> ListAsync(DavPath collection, CancellationToken cancellation);

    /// <summary>Opens a file's content for reading. The content is that of the returned entry, also if the file is replaced meanwhile.</summary>
    /// <exception cref="StoreException"><see cref="StoreFault.NotFound"/> where no file is, <see cref="StoreFault.Denied"/> where it cannot be read.</exception>
    ValueTask<IContent> OpenAsync(DavPath path, CancellationToken cancellation);

    /// <summary>Begins a file's new content, beside the old: nothing is seen of it until it is published.</summary>
    /// <exception cref="StoreException"><see cref="StoreFault.NoParent"/> where the collection is missing.</exception>
    ValueTask<IUpload> UploadAsync(DavPath path, CancellationToken cancellation);

    /// <summary>Makes an empty collection (RFC 4918 9.3).</summary>
    /// <exception cref="StoreException"><see cref="StoreFault.AlreadyExists"/> or <see cref="StoreFault.NoParent"/>.</exception>
    ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation);

    /// <summary>Begins a copy that will stand at <paramref name="destination"/>: nothing is seen of it until it is published.</summary>
    /// <param name="destination">Where the copy will be.</param>
    /// <param name="keepTimes">Whether copies keep the modification times of their sources, as a move does.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    ValueTask<IStagedTree> StageTreeAsync(DavPath destination, bool keepTimes, CancellationToken cancellation);

    /// <summary>Renames a resource, with all that is below it, in one step.</summary>
    /// <param name="source">What to rename.</param>
    /// <param name="destination">Its new path.</param>
    /// <param name="replace">Whether something at the destination may be replaced; a replaced collection is returned, to be removed.</param>
    /// <param name="cancellation">Ends the preparation; the rename itself is not interrupted.</param>
    /// <returns>What stood at the destination before, out of sight already; null if nothing is left to remove.</returns>
    /// <exception cref="StoreException">Nothing has happened; <see cref="StoreFault.CrossDevice"/> where it must be copied instead.</exception>
    ValueTask<IDisplaced?> RenameAsync(DavPath source, DavPath destination, bool replace, CancellationToken cancellation);

    /// <summary>Begins to remove resources one after the other, members before their collection.</summary>
    IRemoval BeginRemoval();

    /// <summary>
    /// Sets the times and the read-only mark of a resource, of what it points to if it is a link; all that is asked for or none. Its
    /// content stays, but its entity tag may change.
    /// </summary>
    /// <exception cref="StoreException">
    /// <see cref="StoreFault.NotFound"/> where nothing is, <see cref="StoreFault.Denied"/> where the server may not; nothing has changed then.
    /// </exception>
    ValueTask ChangeAsync(DavPath path, EntryChange change, CancellationToken cancellation);

    /// <summary>Whether the server could write a resource it has found: the fault it would meet, or null if none.</summary>
    ValueTask<StoreFault?> CheckWritableAsync(Entry entry, CancellationToken cancellation);

    /// <summary>Room where a resource is or would be.</summary>
    ValueTask<StoreSpace> SpaceAsync(DavPath path, CancellationToken cancellation);
}
