namespace WebDav.Locking;

/// <summary>
/// Keeps requests that write the same resources one after the other, so that what a request has checked is still so when it acts.
/// All claims of a request are taken at once or none, so requests cannot wait for each other in a circle.
/// </summary>
internal interface IWriteLeases
{
    /// <summary>How many requests wait for others.</summary>
    int Waiting { get; }

    /// <summary>Is told of the claims of every lease that is given; set once, before the first request.</summary>
    Action<IReadOnlyList<LeaseClaim>> Taken { get; set; }

    /// <summary>Takes claims, waiting for those who hold conflicting ones.</summary>
    /// <param name="claims">What is to be written.</param>
    /// <param name="areas">The locks that the request has to know; none where all are at hand.</param>
    /// <param name="work">What makes the same request again the same work; null where nobody joins it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The lease; null if the others were not done in time.</returns>
    /// <exception cref="WorkElsewhereException">Another server is at the same work.</exception>
    ValueTask<WriteLease?> AcquireAsync(
        IReadOnlyList<LeaseClaim> claims, IReadOnlyList<LockArea> areas, string? work, CancellationToken cancellation);

    /// <summary>Ends a lease.</summary>
    void Release(WriteLease lease);

    /// <summary>Ends a lease; when this returns, the next request can have it at any server.</summary>
    /// <returns>Whether a request at another server waits for the end of the work that it was for.</returns>
    ValueTask<bool> ReleaseAsync(WriteLease lease);
}
