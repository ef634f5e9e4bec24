namespace WebDav.Locking;

/// <summary>A request's right to write what it claimed, until it is disposed. Not a WebDAV lock: no client ever sees it.</summary>
internal sealed class WriteLease(WriteLeases owner, IReadOnlyList<LeaseClaim> claims) : IDisposable
{
    /// <summary>What is claimed.</summary>
    public IReadOnlyList<LeaseClaim> Claims { get; } = claims;

    /// <inheritdoc/>
    public void Dispose() => owner.Release(this);
}
