namespace WebDav.Storage;

/// <summary>A file's content, open for reading.</summary>
public interface IContent : IAsyncDisposable
{
    /// <summary>The file as it was when it was opened; its length and entity tag belong to this content.</summary>
    Entry Entry { get; }

    /// <summary>Reads from an offset.</summary>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="buffer">Where to put them.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation);
}
