namespace WebDav.Locking;

/// <summary>The leases of the requests of one server.</summary>
internal sealed class WriteLeases(TimeProvider time) : IWriteLeases
{
    /// <summary>How long a request waits for another that writes the same before it is refused: a tree operation may go on for hours.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<WriteLease> _held = [];
    private TaskCompletionSource? _released;
    private int _waiting;

    /// <inheritdoc/>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <inheritdoc/>
    public Action<IReadOnlyList<LeaseClaim>> Taken { get; set; } = static _ => { };

    /// <summary>Takes claims, waiting for those who hold conflicting ones.</summary>
    /// <returns>The lease; null if the others were not done within <see cref="Patience"/>.</returns>
    public async ValueTask<WriteLease?> AcquireAsync(IReadOnlyList<LeaseClaim> claims, CancellationToken cancellation)
    {
        if (TryTake(claims, out var lease, out _))
        {
            Taken(claims);
            return lease;
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            return await WaitAsync(claims, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc/>
    ValueTask<WriteLease?> IWriteLeases.AcquireAsync(
        IReadOnlyList<LeaseClaim> claims, IReadOnlyList<LockArea> areas, string? work, CancellationToken cancellation) =>
        AcquireAsync(claims, cancellation);

    /// <inheritdoc/>
    public void Release(WriteLease lease)
    {
        TaskCompletionSource? waiters = null;
        lock (_gate)
        {
            if (_held.Remove(lease))
            {
                (waiters, _released) = (_released, null);
            }
        }

        waiters?.SetResult();
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseAsync(WriteLease lease)
    {
        Release(lease);
        return ValueTask.FromResult(false);
    }

    private async ValueTask<WriteLease?> WaitAsync(IReadOnlyList<LeaseClaim> claims, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        WriteLease? lease;
        while (!TryTake(claims, out lease, out var released))
        {
            try
            {
                await released.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }
        }

        Taken(claims);
        return lease;
    }

    private bool TryTake(
        IReadOnlyList<LeaseClaim> claims,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WriteLease? lease,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Task? released)
    {
        lock (_gate)
        {
            if (_held.Any(held => held.Claims.Any(theirs => claims.Any(ours => ours.ConflictsWith(theirs)))))
            {
                _released ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                (lease, released) = (null, _released.Task);
                return false;
            }

            lease = new WriteLease(this, claims);
            _held.Add(lease);
            released = null;
            return true;
        }
    }
}
