using System.Buffers;

namespace WebDav.Storage;

/// <summary>A file's new content on its way in. Disposed before it was published, it leaves no trace.</summary>
public interface IUpload : IAsyncDisposable
{
    /// <summary>Bytes written so far.</summary>
    long Length { get; }

    /// <summary>Appends bytes.</summary>
    ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation);

    /// <summary>
    /// Makes what was written a part of the file's present content: the new content is a copy of that, in which what was written
    /// stands from an offset on. Beyond the end, there are zeros between. The caller holds the lease on the file.
    /// </summary>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="cancellation">Ends it; what was written is then as it was.</param>
    /// <exception cref="StoreException"><see cref="StoreFault.NotFound"/> where no file is, <see cref="StoreFault.NoSpace"/> where the copy has no room.</exception>
    ValueTask MergeAsync(long offset, CancellationToken cancellation);

    /// <summary>Makes the content the file's own in one step: a reader sees the old file or the new one, nothing between.</summary>
    /// <param name="replace">Whether a file that is there may be replaced.</param>
    /// <param name="modified">Modification time to set, UTC; null for now.</param>
    /// <param name="cancellation">Ends the preparation; the publishing itself is not interrupted.</param>
    /// <returns>The file as it now is.</returns>
    /// <exception cref="StoreException"><see cref="StoreFault.AlreadyExists"/> where a collection is, or a file and it may not be replaced.</exception>
    ValueTask<Entry> PublishAsync(bool replace, DateTimeOffset? modified, CancellationToken cancellation);
}
