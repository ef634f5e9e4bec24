using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.State;
using WebDav.State.Shared;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.State.Shared;

/// <summary>The parts of one server that are shared with others, over a database of the test's.</summary>
internal sealed class SharedBench : IAsyncDisposable
{
    private SharedBench(string connectionString, TimeProvider time, LockOptions locks)
    {
        Options = new StateOptions { Provider = StateProvider.PostgreSql, ConnectionString = connectionString };
        Database = new SharedDatabase(Options, Seat, NullLogger<SharedDatabase>.Instance);
        Leases = new SharedLeases(Database, time);
        Locks = new SharedLocks(Database, locks, time);
    }

    public StateOptions Options { get; }

    public Seat Seat { get; } = new();

    public SharedDatabase Database { get; }

    public SharedLeases Leases { get; }

    public SharedLocks Locks { get; }

    /// <summary>A server that has its seat.</summary>
    public static SharedBench Make(string connectionString, TimeProvider? time = null, LockOptions? locks = null)
    {
        SharedBench bench = new(connectionString, time ?? TimeProvider.System, locks ?? new LockOptions());
        bench.Database.Prepare();
        bench.Database.Beat(session =>
        {
            ServerRows.Enter(session, bench.Seat.Name, "test");
            return true;
        });
        return bench;
    }

    /// <summary>Takes a lease, if nobody is in the way now.</summary>
    public async Task<ILockView?> TryTakeAsync(Guid id, params LeaseClaim[] claims) => await Database.RunAsync(
        DavPath.Root,
        session => LeaseRows.TryTake(session, id, work: null, claims, [new LockArea(claims[0].Path, Below: true)], DateTimeOffset.UnixEpoch),
        CancellationToken.None);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
