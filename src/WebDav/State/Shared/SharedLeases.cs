using System.Collections.Concurrent;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State.Shared;

/// <summary>
/// The leases of the requests of all servers. Those of one server wait for one another in its memory, and only the first of them asks
/// the database.
/// </summary>
internal sealed class SharedLeases(SharedDatabase database, TimeProvider time) : IWriteLeases
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly WriteLeases _here = new(time);
    private readonly ConcurrentDictionary<Guid, byte> _held = new();
    private int _waiting;

    /// <inheritdoc/>
    public int Waiting => _here.Waiting + Volatile.Read(ref _waiting);

    /// <inheritdoc/>
    public Action<IReadOnlyList<LeaseClaim>> Taken
    {
        get => _here.Taken;
        set => _here.Taken = value;
    }

    /// <inheritdoc/>
    public async ValueTask<WriteLease?> AcquireAsync(
        IReadOnlyList<LeaseClaim> claims, IReadOnlyList<LockArea> areas, string? work, CancellationToken cancellation)
    {
        if (await _here.AcquireAsync(claims, cancellation) is not { } here)
        {
            return null;
        }

        SharedLease? lease = null;
        try
        {
            lease = await TakeAsync(here, areas, work is null ? null : LeaseRows.NameOf(work), cancellation);
            return lease;
        }
        finally
        {
            if (lease is null)
            {
                here.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Release(WriteLease lease) => _ = ReleaseAsync(lease).AsTask();

    /// <inheritdoc/>
    public async ValueTask<bool> ReleaseAsync(WriteLease lease)
    {
        var shared = (SharedLease)lease;
        if (!_held.TryRemove(shared.Id!.Value, out _))
        {
            return false; // It was released before.
        }

        try
        {
            return await database.RunAsync(
                lease.Claims[0].Path, session => LeaseRows.End(session, shared.Id.Value), CancellationToken.None);
        }
        catch (StoreException)
        {
            return false; // The row stays until PostgreSQL is back, and goes with a beat of the heart.
        }
        finally
        {
            // After the row: the next request of this server would only meet that.
            shared.Here.Dispose();
        }
    }

    /// <summary>Waits until nobody here has a lease, or asks for one, any more.</summary>
    public async ValueTask WhenNoneAsync(CancellationToken cancellation)
    {
        while (!_held.IsEmpty)
        {
            await Task.Delay(LongestWait, time, cancellation);
        }
    }

    /// <summary>Ends the leases that the others believe in and nobody here has: those that could not be ended when PostgreSQL was away.</summary>
    public void Reconcile(StateSession session)
    {
        foreach (var id in LeaseRows.Of(session).Where(id => !_held.ContainsKey(id)))
        {
            LeaseRows.End(session, id);
        }
    }

    private async ValueTask<SharedLease?> TakeAsync(WriteLease here, IReadOnlyList<LockArea> areas, string? work, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        var begun = time.GetTimestamp();
        ILockView? locks = null;
        _held.TryAdd(id, 0); // before its row may be there
        Interlocked.Increment(ref _waiting);
        try
        {
            for (var wait = FirstWait; locks is null && time.GetElapsedTime(begun) < WriteLeases.Patience; wait = Min(wait * 2, LongestWait))
            {
                locks = await database.RunAsync(
                    here.Claims[0].Path,
                    session => LeaseRows.TryTake(session, id, work, here.Claims, areas, time.GetUtcNow()),
                    cancellation);
                if (locks is null)
                {
                    await WhyAsync(here.Claims[0].Path, work, cancellation);
                    await Task.Delay(wait, time, cancellation);
                }
            }

            return locks is null ? null : new SharedLease(this, here, id, locks);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            if (locks is null)
            {
                _held.TryRemove(id, out _);
            }
        }
    }

    // Somebody is in the way: perhaps one who is at the very same work, or all others, because this server has lost its seat.
    private async ValueTask WhyAsync(DavPath about, string? work, CancellationToken cancellation)
    {
        var (same, seated) = await database.RunAsync(
            about, session => (work is null ? null : LeaseRows.FindSame(session, work), LeaseRows.HasSeat(session)), cancellation);
        if (same is { } elsewhere)
        {
            throw new WorkElsewhereException(elsewhere);
        }

        if (!seated)
        {
            throw new StoreException(StoreFault.Superseded, about, "another server has taken over from this one");
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
