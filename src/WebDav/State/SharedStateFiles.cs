namespace WebDav.State;

/// <summary>The state directory, held by one of several servers as long as this is not disposed: none with a state of its own can have it.</summary>
internal sealed class SharedStateFiles(FileStream? held) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => held?.Dispose();
}
