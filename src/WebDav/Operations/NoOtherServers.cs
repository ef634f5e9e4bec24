namespace WebDav.Operations;

/// <summary>One server alone.</summary>
internal sealed class NoOtherServers : IOtherServers
{
    /// <inheritdoc/>
    public TimeSpan? Pace => null;

    /// <inheritdoc/>
    public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellation) => ValueTask.FromResult<Operation?>(null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Operation>> AllAsync(CancellationToken cancellation) => ValueTask.FromResult<IReadOnlyList<Operation>>([]);

    /// <inheritdoc/>
    public ValueTask<Operation> JoinAsync(Guid id, OperationKey key, CancellationToken cancellation) =>
        throw new InvalidOperationException("there is no other server that could be at work");
}
