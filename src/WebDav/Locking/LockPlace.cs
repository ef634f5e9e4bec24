namespace WebDav.Locking;

/// <summary>Room for one lock, taken before anything is done for it, so that what was begun is not refused at its end. Disposed, it is free again.</summary>
/// <param name="table">What counts the place; null where only locks count that are there.</param>
/// <param name="principal">Name of the user who wants it; null for anonymous.</param>
internal sealed class LockPlace(LockTable? table, string? principal) : IDisposable
{
    /// <summary>Name of the user who wants the lock; null for anonymous.</summary>
    public string? Principal => principal;

    /// <inheritdoc/>
    public void Dispose() => table?.GiveUp(this);
}
