using WebDav.Locking;
using WebDav.Protocol;
using WebDav.State.Shared;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.State.Shared;

public sealed class SharedLeasesTests(PostgresFixture postgres)
{
    private static readonly string[] Paths = ["", "/a", "/a/b", "/a/b/c", "/a-b", "/a0", "/ab", "/a%_b"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_knows_the_same_conflicts_as_the_memory()
    {
        await using SharedBench bench = SharedBench.Make(await postgres.NewDatabaseAsync());
        LeaseClaim[] claims = [.. from path in Paths from kind in Enum.GetValues<LeaseKind>() select new LeaseClaim(DavPath.FromValue(path), kind)];
        foreach (LeaseClaim held in claims)
        {
            Guid first = Guid.NewGuid();
            Assert.NotNull(await bench.TryTakeAsync(first, held));
            foreach (LeaseClaim wanted in claims)
            {
                Guid second = Guid.NewGuid();
                bool taken = await bench.TryTakeAsync(second, wanted) is not null;
                Assert.True(taken != held.ConflictsWith(wanted), $"{wanted} beside {held}: {taken}");
                await EndAsync(bench, second);
            }

            await EndAsync(bench, first);
        }
    }

    [Fact]
    public async Task Of_many_who_want_the_same_at_once_one_gets_it()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench one = SharedBench.Make(connection);
        await using SharedBench other = SharedBench.Make(connection);
        LeaseClaim[][] wanted =
        [
            [new LeaseClaim(DavPath.FromValue("/a/b"), LeaseKind.Resource), new LeaseClaim(DavPath.FromValue("/a"), LeaseKind.Members)],
            [new LeaseClaim(DavPath.FromValue("/a"), LeaseKind.Tree)],
        ];
        for (int round = 0; round < 100; round++)
        {
            (Guid Id, Task<ILockView?> Taken)[] tries = [.. Enumerable.Range(0, 16).Select(i =>
            {
                Guid id = Guid.NewGuid();
                return (id, Task.Run(() => (i % 2 == 0 ? one : other).TryTakeAsync(id, wanted[i / 2 % 2])));
            })];
            await Task.WhenAll(tries.Select(at => at.Taken));

            (Guid Id, Task<ILockView?> Taken) winner = Assert.Single(tries, at => at.Taken.Result is not null);
            await EndAsync(one, winner.Id);
        }
    }

    [Fact]
    public async Task A_request_waits_for_one_at_another_server()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench one = SharedBench.Make(connection);
        await using SharedBench other = SharedBench.Make(connection);
        WriteLease first = (await AcquireAsync(one, "/a"))!;
        Task<WriteLease?> second = AcquireAsync(other, "/a");

        await Task.Delay(100, Cancellation);
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second)!.Dispose();
    }

    [Fact]
    public async Task The_same_work_at_another_server_is_named_and_knows_that_it_is_awaited()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench one = SharedBench.Make(connection);
        await using SharedBench other = SharedBench.Make(connection);
        WriteLease first = (await AcquireAsync(one, "/a", "the same"))!;

        WorkElsewhereException elsewhere = await Assert.ThrowsAsync<WorkElsewhereException>(() => AcquireAsync(other, "/a", "the same"));

        Assert.Equal(first.Id, elsewhere.Work);
        Assert.True(await first.ReleaseAsync());
        Assert.False(await (await AcquireAsync(other, "/a", "the same"))!.ReleaseAsync());
    }

    [Fact]
    public async Task What_was_locked_under_another_lease_is_seen_with_the_next_one()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench one = SharedBench.Make(connection);
        await using SharedBench other = SharedBench.Make(connection);
        ActiveLock granted;
        using (await AcquireAsync(one, "/a"))
        {
            granted = await GrantAsync(one, "/a");
        }

        using WriteLease next = (await AcquireAsync(other, "/a"))!;

        Assert.Equal(granted.Token, Assert.Single(next.Locks!.Covering(DavPath.FromValue("/a"))).Token);
    }

    [Fact]
    public async Task Who_has_lost_its_seat_gets_no_lease_and_writes_nothing()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench lost = SharedBench.Make(connection);
        await PostgresCluster.ExecuteAsync(connection, $"UPDATE server SET taker = 'another' WHERE id = '{lost.Seat.Name}'");

        Assert.Equal(StoreFault.Superseded, (await Assert.ThrowsAsync<StoreException>(() => AcquireAsync(lost, "/a"))).Fault);
        Assert.Equal(StoreFault.Superseded, (await Assert.ThrowsAsync<StoreException>(() => GrantAsync(lost, "/a"))).Fault);
        Assert.Equal(0, await PostgresCluster.ScalarAsync<long>(connection, "SELECT count(*) FROM lock"));
    }

    [Fact]
    public async Task A_lease_that_nobody_here_has_any_more_ends_with_the_next_beat()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench bench = SharedBench.Make(connection);
        using WriteLease held = (await AcquireAsync(bench, "/held"))!;
        Assert.NotNull(await bench.TryTakeAsync(Guid.NewGuid(), new LeaseClaim(DavPath.FromValue("/stray"), LeaseKind.Resource)));

        bench.Database.Beat(session =>
        {
            bench.Leases.Reconcile(session);
            return true;
        });

        Assert.Equal("/held", await PostgresCluster.ScalarAsync<string>(connection, "SELECT string_agg(path, ' ') FROM lease"));
    }

    private static async Task<WriteLease?> AcquireAsync(SharedBench bench, string path, string? work = null)
    {
        DavPath at = DavPath.FromValue(path);
        return await bench.Leases.AcquireAsync([new LeaseClaim(at, LeaseKind.Resource)], [new LockArea(at, Below: false)], work, Cancellation);
    }

    private static async Task<ActiveLock> GrantAsync(SharedBench bench, string path)
    {
        using LockPlace place = new(table: null, principal: null);
        return await bench.Locks.GrantAsync(
            new LockRequest(DavPath.FromValue(path), LockScope.Exclusive, Depth.Zero, Owner: null, Principal: null, []), place, Cancellation);
    }

    private static async Task EndAsync(SharedBench bench, Guid id) =>
        await bench.Database.RunAsync(DavPath.Root, session => LeaseRows.End(session, id), Cancellation);
}
