namespace WebDav.Locking;

/// <summary>A request's right to write what it claimed, until it is disposed. Not a WebDAV lock: no client ever sees it.</summary>
internal class WriteLease(IWriteLeases owner, IReadOnlyList<LeaseClaim> claims) : IDisposable
{
    /// <summary>What is claimed.</summary>
    public IReadOnlyList<LeaseClaim> Claims { get; } = claims;

    /// <summary>What other servers know the lease by; null where there are none.</summary>
    public virtual Guid? Id => null;

    /// <summary>The locks of the areas that were asked for with the lease, which stay so while it is held; null where all are at hand.</summary>
    public virtual ILockView? Locks => null;

    /// <inheritdoc cref="IWriteLeases.ReleaseAsync"/>
    public ValueTask<bool> ReleaseAsync() => owner.ReleaseAsync(this);

    /// <inheritdoc/>
    public void Dispose() => owner.Release(this);
}
