namespace WebDav.Storage;

/// <summary>What stood at a destination before it was replaced: no resource any more, but still on the disk.</summary>
public interface IDisplaced
{
    /// <summary>Removes it, yielding 1 for each entry that is gone. What cannot be removed is left for the next start of the server.</summary>
    IAsyncEnumerable<int> RemoveAsync(CancellationToken cancellation);
}
