namespace WebDav.Operations;

/// <summary>The other servers on the same directory, as far as operations go: what is at work there is seen, joined and steered from here.</summary>
internal interface IOtherServers
{
    /// <summary>
    /// How often the record of an operation at work is renewed, so that other servers see how far it is, and their commands are heard;
    /// null where there are no others.
    /// </summary>
    TimeSpan? Pace { get; }

    /// <summary>An operation at work at another server, as it goes on; null where none of that id is.</summary>
    ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellation);

    /// <summary>All operations at work at other servers, as they go on.</summary>
    ValueTask<IReadOnlyList<Operation>> AllAsync(CancellationToken cancellation);

    /// <summary>Waits for the work of another server in place of doing it here.</summary>
    /// <param name="id">Its operation.</param>
    /// <param name="key">What it does.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    ValueTask<Operation> JoinAsync(Guid id, OperationKey key, CancellationToken cancellation);
}
