using Microsoft.Extensions.Logging;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State.Shared;

/// <summary>
/// Gives the signs of life of this server, finds out when PostgreSQL is back, and takes over from servers that give none. It beats four
/// times as often as it would have to.
/// </summary>
internal sealed class Heart(
    SharedDatabase database,
    Seat seat,
    StateOptions options,
    FileStoreOptions files,
    ISharedStaging staging,
    SharedLeases leases,
    SharedLocks locks,
    OperationRegistry operations,
    Takeover takeover,
    TimeProvider time,
    ILogger<Heart> logger) : IAsyncDisposable
{
    private static readonly Dictionary<ulong, DavPath> NoMoves = [];
    private const int BeatsPerSweep = 15;

    private static readonly TimeSpan LongestPace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _pace = options.HeartbeatTimeout / 4 < LongestPace ? options.HeartbeatTimeout / 4 : LongestPace;
    private Task _beating = Task.CompletedTask;
    private long _last;
    private int _beats;
    private long _unbroken;

    /// <summary>Takes a seat, and begins to beat.</summary>
    /// <exception cref="StoreException">PostgreSQL cannot be reached.</exception>
    public void Start()
    {
        Enter();
        _beating = Task.Run(() => LoopAsync(_stop.Token));
    }

    /// <summary>Gives up the seat: nothing is left to take over.</summary>
    public async ValueTask StopAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        try
        {
            database.Beat(session =>
            {
                leases.Reconcile(session);
                return true;
            });
            if (await database.ReadAsync(DavPath.Root, ServerRows.IsAtWork, CancellationToken.None))
            {
                SharedLog.LeftAtWork(logger);
                return;
            }

            staging.Leave();
            await database.WriteAsync(DavPath.Root, session => ServerRows.Remove(session, seat.Name), CancellationToken.None);
        }
        catch (StoreException gone)
        {
            SharedLog.TriedAgain(logger, gone); // by another server, when the time has run out
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
    }

    private void Enter()
    {
        var before = staging.Names;
        var seated = database.Beat(session =>
        {
            ServerRows.Enter(session, seat.Name, Environment.MachineName);
            return ServerRows.All(session);
        });
        staging.Enter(seat.Name);
        foreach (var stray in before.Where(name => !seated.Contains(name)))
        {
            staging.Fence(stray, NoMoves); // Of a database that was restored or begun anew: a server has its row before its directory.
        }

        staging.Clear();
        _last = _unbroken = time.GetTimestamp();
        SharedLog.Seated(logger, seat.Name);
    }

    private async Task LoopAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_pace, time);
        while (await NextAsync(timer, stop))
        {
            try
            {
                await BeatAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException away) when (away.Fault == StoreFault.Unavailable)
            {
                // Said once, where it was found out.
            }
            catch (Exception failure)
            {
                SharedLog.TriedAgain(logger, failure);
            }
        }
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        var (seated, dead) = database.Beat(session =>
        {
            if (!ServerRows.Beat(session, seat.Name))
            {
                return (false, []);
            }

            leases.Reconcile(session);
            if (_beats++ % BeatsPerSweep == 0)
            {
                locks.Sweep(session);
            }

            return (true, files.ReadOnly ? [] : ServerRows.Dead(session, seat.Name, options.HeartbeatTimeout));
        });
        if (!seated)
        {
            await RenewAsync(stop);
            return;
        }

        // Where nobody could give a sign of life, for PostgreSQL was away or this server slept, nobody is dead for having given none.
        var now = time.GetTimestamp();
        _unbroken = time.GetElapsedTime(_last, now) < options.HeartbeatTimeout / 2 ? _unbroken : now;
        _last = now;
        foreach (var (server, host) in time.GetElapsedTime(_unbroken, now) >= options.HeartbeatTimeout ? dead : [])
        {
            try
            {
                await takeover.RunAsync(server, host, stop);
            }
            catch (StoreException failed)
            {
                SharedLog.TakeOverFailed(logger, server, failed);
            }
        }

        await database.PayAsync(stop); // PostgreSQL may be back, and no request may come that would
    }

    // Not before all has come to its end that was begun under the lost seat: it fails, for the database refuses it and its staging
    // directory is gone. With the next one, it could go on with what is no longer its own.
    private async ValueTask RenewAsync(CancellationToken stop)
    {
        SharedLog.Superseded(logger);
        operations.InterruptAll();
        await leases.WhenNoneAsync(stop);
        seat.Renew();
        database.Drop();
        Enter();
    }
}
