using WebDav.Locking;
using WebDav.Protocol;
using WebDav.State.Shared;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.State.Shared;

public sealed class SharedLocksTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_is_known_as_it_was_granted()
    {
        await using SharedBench bench = SharedBench.Make(await postgres.NewDatabaseAsync());
        ActiveLock granted = await GrantAsync(bench, "/a/ä", LockScope.Shared, Depth.Infinity, "<owner>it's \"me\"</owner>", "anna", 100);

        ActiveLock found = Assert.Single((await AskAsync(bench, "/a/ä/b")).Covering(At("/a/ä/b")));

        Assert.Equal(granted with { Expires = found.Expires, Created = found.Created }, found);
        Assert.InRange((found.Expires - TimeProvider.System.GetUtcNow()).TotalSeconds, 90, 100);
        Assert.Empty((await AskAsync(bench, "/a")).Covering(At("/a")));
    }

    [Fact]
    public async Task Those_below_are_told_apart_from_those_beside()
    {
        await using SharedBench bench = SharedBench.Make(await postgres.NewDatabaseAsync());
        foreach (string path in (string[])["/a", "/a/b", "/a/b/c", "/a-b", "/a0", "/ab"])
        {
            await GrantAsync(bench, path);
        }

        ILockView view = await bench.Locks.AskAsync([new LockArea(At("/a"), Below: true)], Cancellation);

        Assert.Equal(["/a/b", "/a/b/c"], view.Below(At("/a")).Select(active => active.Root.Value).Order(StringComparer.Ordinal));
        Assert.Equal("/a", Assert.Single(view.Covering(At("/a"))).Root.Value);
    }

    [Theory]
    [InlineData("/a", Depth.Zero, "/a", Depth.Zero, true)]
    [InlineData("/a", Depth.Infinity, "/a/b", Depth.Zero, true)]
    [InlineData("/a/b", Depth.Zero, "/a", Depth.Infinity, true)]
    [InlineData("/a/b", Depth.Zero, "/a", Depth.Zero, false)]
    [InlineData("/a0", Depth.Zero, "/a", Depth.Infinity, false)]
    public async Task What_is_in_the_way_refuses_a_lock_even_without_a_lease(string held, Depth heldDepth, string wanted, Depth depth, bool conflict)
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench one = SharedBench.Make(connection);
        await using SharedBench other = SharedBench.Make(connection);
        await GrantAsync(one, held, depth: heldDepth);

        Exception? refused = await Record.ExceptionAsync(() => GrantAsync(other, wanted, depth: depth));

        Assert.Equal(conflict ? 423 : null, (refused as DavFaultException)?.Fault.Status);
        Assert.Equal(conflict, refused is not null);
    }

    [Fact]
    public async Task Of_many_who_lock_the_same_without_a_lease_one_is_granted()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using SharedBench one = SharedBench.Make(connection);
        await using SharedBench other = SharedBench.Make(connection);
        for (int round = 0; round < 50; round++)
        {
            bool[] granted = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            {
                try
                {
                    await GrantAsync(i % 2 == 0 ? one : other, i % 4 < 2 ? "/a" : "/a/b", depth: Depth.Infinity);
                    return true;
                }
                catch (DavFaultException refused) when (refused.Fault.Status == 423)
                {
                    return false;
                }
            })));

            Assert.Single(granted, won => won);
            await one.Locks.ReleaseTreeAsync(At("/a"), Cancellation);
        }
    }

    [Fact]
    public async Task A_lock_ends_by_the_clock_of_the_database_and_is_told_by_that_of_the_server()
    {
        string connection = await postgres.NewDatabaseAsync();
        ManualTime wrong = new();
        await using SharedBench bench = SharedBench.Make(connection, wrong);
        ActiveLock granted = await GrantAsync(bench, "/a", seconds: 1);
        Assert.InRange(granted.Expires - wrong.GetUtcNow(), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));

        await Task.Delay(1100, Cancellation);

        Assert.Empty((await AskAsync(bench, "/a")).Covering(At("/a")));
        Assert.Null(await bench.Locks.RefreshAsync(granted.Token, [], Cancellation));
        await GrantAsync(bench, "/a");
    }

    [Fact]
    public async Task A_refresh_lets_it_last_anew()
    {
        await using SharedBench bench = SharedBench.Make(await postgres.NewDatabaseAsync());
        ActiveLock granted = await GrantAsync(bench, "/a", seconds: 60);

        ActiveLock same = (await bench.Locks.RefreshAsync(granted.Token, [], Cancellation))!;
        ActiveLock longer = (await bench.Locks.RefreshAsync(granted.Token, [TimeSpan.FromHours(2)], Cancellation))!;

        Assert.Equal((granted.Token, TimeSpan.FromSeconds(60)), (same.Token, same.Timeout));
        Assert.Equal((granted.Token, TimeSpan.FromHours(2)), (longer.Token, longer.Timeout));
    }

    [Fact]
    public async Task There_is_room_for_so_many_and_no_more()
    {
        await using SharedBench bench = SharedBench.Make(
            await postgres.NewDatabaseAsync(), locks: new LockOptions { MaximumPerUser = 2, Maximum = 3 });
        await GrantAsync(bench, "/1", principal: "anna");
        await GrantAsync(bench, "/2", principal: "anna");
        await GrantAsync(bench, "/3", principal: null);

        Assert.Equal(507, (await bench.Locks.ReserveAsync("anna", Cancellation)).Refusal?.Status);
        Assert.Equal(503, (await bench.Locks.ReserveAsync(null, Cancellation)).Refusal?.Status);
        await bench.Locks.ReleaseTreeAsync(At("/3"), Cancellation);
        Assert.Null((await bench.Locks.ReserveAsync(null, Cancellation)).Refusal);
    }

    private static DavPath At(string path) => DavPath.FromValue(path);

    private static async Task<ILockView> AskAsync(SharedBench bench, string path) =>
        await bench.Locks.AskAsync([new LockArea(At(path), Below: false)], Cancellation);

    private static async Task<ActiveLock> GrantAsync(
        SharedBench bench, string path, LockScope scope = LockScope.Exclusive, Depth depth = Depth.Zero, string? owner = null, string? principal = null,
        int seconds = 3600)
    {
        using LockPlace place = new(table: null, principal);
        return await bench.Locks.GrantAsync(
            new LockRequest(At(path), scope, depth, owner, principal, [TimeSpan.FromSeconds(seconds)]), place, Cancellation);
    }
}
