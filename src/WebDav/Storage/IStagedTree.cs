using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>
/// A copy being built out of sight. Paths are those that the members will have once it is published. Disposed before it was
/// published, it leaves no trace.
/// </summary>
public interface IStagedTree : IAsyncDisposable
{
    /// <summary>The <see cref="Entry.Identity"/> that the copy has once it is published, whatever stands there now; none where the store has none.</summary>
    /// <exception cref="StoreException">Nothing was copied yet.</exception>
    Identity Identity { get; }

    /// <summary>Makes a collection of the copy.</summary>
    ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation);

    /// <summary>
    /// Copies one file into the copy, yielding the bytes of each chunk as it is done. A file that fails leaves nothing of itself. Several
    /// files may be copied at once, and collections made meanwhile.
    /// </summary>
    IAsyncEnumerable<long> CopyFileAsync(DavPath source, DavPath path, CancellationToken cancellation);

    /// <summary>Says that a collection has all its members, so that it can take what it keeps of its source (its times, when they are kept).</summary>
    ValueTask CompleteCollectionAsync(DavPath source, DavPath path, CancellationToken cancellation);

    /// <summary>Puts the copy at its destination in one step.</summary>
    /// <param name="replace">Whether what stands there may be replaced.</param>
    /// <param name="cancellation">Ends the preparation; the publishing itself is not interrupted.</param>
    /// <returns>What stood there before, out of sight already; null if nothing is left to remove.</returns>
    /// <exception cref="StoreException">Nothing was published.</exception>
    ValueTask<IDisplaced?> PublishAsync(bool replace, CancellationToken cancellation);
}
