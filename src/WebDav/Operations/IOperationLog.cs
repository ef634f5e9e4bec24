namespace WebDav.Operations;

/// <summary>Where operations are kept, so that they can be asked for after their end and after a restart.</summary>
internal interface IOperationLog
{
    /// <summary>Keeps a record, in place of the one with its id; forgets those that ended before a moment.</summary>
    /// <returns>What somebody has asked of the operation at another server since the last record; null for nothing.</returns>
    ValueTask<OperationCommand?> SaveAsync(OperationRecord record, DateTimeOffset forgetBefore, CancellationToken cancellation);

    /// <summary>The record of an id, or null.</summary>
    /// <param name="id">The id.</param>
    /// <param name="since">Those that ended before are passed over, though they may not be forgotten yet.</param>
    /// <param name="cancellation">Ends the query.</param>
    ValueTask<OperationRecord?> FindAsync(Guid id, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>A user's records, the newest first; all users' for null.</summary>
    /// <param name="user">Whose: a name, the empty text for anonymous, null for everybody's.</param>
    /// <param name="since">Those that ended before are passed over.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Ends the query.</param>
    ValueTask<IReadOnlyList<OperationRecord>> ListAsync(string? user, DateTimeOffset since, int most, CancellationToken cancellation);

    /// <summary>Says of every record that is still at work that it was interrupted.</summary>
    /// <param name="server">The server that was at it; null where there is but one.</param>
    /// <param name="now">When that was seen.</param>
    /// <param name="cancellation">Ends it; nothing is said then.</param>
    ValueTask InterruptAsync(string? server, DateTimeOffset now, CancellationToken cancellation);
}
