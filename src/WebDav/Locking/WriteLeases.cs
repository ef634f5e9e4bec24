namespace WebDav.Locking;

/// <summary>
/// Keeps requests that write the same resources one after the other, so that what a request has checked is still so when it acts.
/// All claims of a request are taken at once or none, so requests cannot wait for each other in a circle.
/// </summary>
internal sealed class WriteLeases(TimeProvider time)
{
    /// <summary>How long a request waits for another that writes the same before it is refused: a tree operation may go on for hours.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<WriteLease> _held = [];
    private TaskCompletionSource? _released;
    private int _waiting;

    /// <summary>How many requests wait for others.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Is told of the claims of every lease that is given; set once, before the first request.</summary>
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

    internal void Release(WriteLease lease)
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
