using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State.Shared;

/// <summary>
/// Watches the operations of other servers through their records, as long as somebody here looks at them or waits for them: a few times
/// a second, one query for all.
/// </summary>
internal sealed class OtherServers(
    SharedDatabase database, Seat seat, TimeProvider time, ILogger<OtherServers> logger) : IOtherServers, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private const string SelectRunning = "SELECT record FROM operation WHERE running = 1 AND server <> @server";

    private const string SelectOne = SelectRunning + " AND id = @id";

    private const string SelectThese = "SELECT record FROM operation WHERE id = ANY(@ids)";

    private const string SelectLeases = "SELECT DISTINCT id FROM lease WHERE id = ANY(@ids)";

    private const string Tell =
        "UPDATE operation SET command = CASE WHEN command = 'Cancel' THEN command ELSE @command END WHERE id = @id AND running = 1";

    private readonly ConcurrentDictionary<Guid, WatchedOperation> _watched = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _watching = Task.CompletedTask;
    private IReadOnlyList<Operation> _all = [];
    private long _listed;

    /// <inheritdoc/>
    public TimeSpan? Pace => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellation)
    {
        if (_watched.TryGetValue(id, out var watched))
        {
            return watched.Operation;
        }

        var running = await database.ReadAsync(
            DavPath.Root, session => StoredOperations.Read(session.Query(SelectOne, ("@server", seat.Name), ("@id", id.ToString("D")))), cancellation);
        return running.Select(record => Watch(record, joined: false)).FirstOrDefault();
    }

    /// <inheritdoc/>
    /// <remarks>Known for a moment: who follows the list asks again and again.</remarks>
    public async ValueTask<IReadOnlyList<Operation>> AllAsync(CancellationToken cancellation)
    {
        if (_listed == 0 || time.GetElapsedTime(_listed) >= Pace)
        {
            var running = await database.ReadAsync(
                DavPath.Root, session => StoredOperations.Read(session.Query(SelectRunning, ("@server", seat.Name))), cancellation);
            _all = [.. running.Select(record => Watch(record, joined: false))];
            _listed = time.GetTimestamp();
        }

        return _all;
    }

    /// <inheritdoc/>
    public ValueTask<Operation> JoinAsync(Guid id, OperationKey key, CancellationToken cancellation)
    {
        var watched = _watched.AddOrUpdate(
            id,
            _ => new WatchedOperation(id, key, time.GetUtcNow(), time, joined: true),
            (_, there) =>
            {
                there.IsJoined = true;
                return there;
            });
        Begin();
        return ValueTask.FromResult<Operation>(watched.Operation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private RemoteOperation Watch(OperationRecord record, bool joined)
    {
        var watched = _watched.GetOrAdd(record.Id, _ => new WatchedOperation(record.Id, KeyOf(record), record.Started, time, joined));
        watched.Operation.Show(record);
        Begin();
        return watched.Operation;
    }

    private static OperationKey KeyOf(OperationRecord record) => new(
        record.User,
        record.Method,
        DavPath.FromValue(record.Source),
        record.Destination is null ? null : DavPath.FromValue(record.Destination),
        record.Depth,
        Overwrite: true);

    private void Begin()
    {
        lock (_gate)
        {
            if (_watching.IsCompleted)
            {
                _watching = Task.Run(() => LoopAsync(_stop.Token));
            }
        }
    }

    private async Task LoopAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && !IsOver())
        {
            try
            {
                await LookAsync(stop);
            }
            catch (StoreException away) when (away.Fault is StoreFault.Unavailable)
            {
                // They are looked at again when it is back.
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                SharedLog.TriedAgain(logger, failure);
            }

            await Task.Delay(Look, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Under the gate, so that who comes at the end begins anew.
    private bool IsOver()
    {
        lock (_gate)
        {
            foreach (var (id, watched) in _watched)
            {
                if (watched.IsForgotten)
                {
                    _watched.TryRemove(id, out _);
                }
            }

            if (!_watched.IsEmpty)
            {
                return false;
            }

            _watching = Task.CompletedTask;
            return true;
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var ids = _watched.Keys.Select(id => id.ToString("D")).ToArray();
        var (records, leases) = await database.ReadAsync(
            DavPath.Root,
            session => (
                StoredOperations.Read(session.Query(SelectThese, ("@ids", ids))).ToDictionary(record => record.Id),
                Leases(session, ids)),
            cancellation);
        foreach (var (id, watched) in _watched)
        {
            watched.See(records.GetValueOrDefault(id), leases.Contains(id));
            if (watched.Wish is { } wish && await TellAsync(id, wish, cancellation))
            {
                watched.Granted(wish);
            }
        }
    }

    private static HashSet<Guid> Leases(StateSession session, string[] ids)
    {
        var found = new HashSet<Guid>();
        using var rows = session.Query(SelectLeases, ("@ids", ids));
        while (rows.Read())
        {
            found.Add(Guid.ParseExact(rows.GetString(0), "D"));
        }

        return found;
    }

    private ValueTask<bool> TellAsync(Guid id, OperationCommand wish, CancellationToken cancellation) => database.WriteAsync(
        DavPath.Root, session => session.Execute(Tell, ("@command", wish.ToString()), ("@id", id.ToString("D"))) > 0, cancellation);
}
