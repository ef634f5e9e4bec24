using WebDav.Locking;
using WebDav.Protocol;
using WebDav.State;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State;

public sealed class LockStoreTests : IAsyncLifetime
{
    private readonly StateDirectory _directory = new();
    private StateDatabase _database = null!;
    private StoredLocks _store = null!;

    public ValueTask InitializeAsync()
    {
        _database = _directory.Open();
        _store = new StoredLocks(_database);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("", LockScope.Exclusive, Depth.Infinity, null, null)]
    [InlineData("/it's 100%_😀", LockScope.Shared, Depth.Zero, "<D:owner xmlns:D=\"DAV:\"><D:href>a'b</D:href></D:owner>", "Zoë")]
    [InlineData("/a/b", LockScope.Shared, Depth.Infinity, "", "")]
    public async Task A_lock_outlives_the_server_as_it_was(string root, LockScope scope, Depth depth, string? owner, string? principal)
    {
        var active = new ActiveLock(
            LockToken.New(), At(root), scope, depth, owner, principal, TimeSpan.FromDays(7), _directory.Now.AddDays(7).AddMilliseconds(123))
        {
            Created = _directory.Now.AddMilliseconds(456),
        };

        await _store.SaveAsync(active, Cancellation);
        await _database.DisposeAsync();
        _database = _directory.Open();

        Assert.Equal([active], await new StoredLocks(_database).LoadAsync(Cancellation));
    }

    [Fact]
    public async Task A_lock_that_is_refreshed_lasts_as_it_says_now()
    {
        var (active, other) = (Lock("/a"), Lock("/b"));
        await _store.SaveAsync(active, Cancellation);
        await _store.SaveAsync(other, Cancellation);
        var refreshed = active with { Timeout = TimeSpan.FromSeconds(5), Expires = active.Expires.AddHours(1) };

        await _store.RefreshAsync(refreshed, Cancellation);

        Assert.Equal([refreshed, other], await _store.LoadAsync(Cancellation));
    }

    [Fact]
    public async Task A_lock_that_ended_does_not_come_back_by_its_refresh()
    {
        var active = Lock("/a");
        await _store.SaveAsync(active, Cancellation);
        await _store.DeleteAsync([active.Token], Cancellation);

        await _store.RefreshAsync(active, Cancellation);

        Assert.Empty(await _store.LoadAsync(Cancellation));
    }

    [Fact]
    public async Task Locks_are_deleted_together_and_unknown_tokens_are_no_fault()
    {
        var locks = new[] { Lock("/a"), Lock("/a"), Lock("/b") };
        foreach (var active in locks)
        {
            await _store.SaveAsync(active, Cancellation);
        }

        var before = _database.Commits;
        await _store.DeleteAsync([locks[0].Token, LockToken.New(), locks[2].Token], Cancellation);
        await _store.DeleteAsync([], Cancellation);

        Assert.Equal([locks[1]], await _store.LoadAsync(Cancellation));
        Assert.Equal(1, _database.Commits - before);
    }

    private ActiveLock Lock(string root) => new(
        LockToken.New(), At(root), LockScope.Shared, Depth.Zero, null, null, TimeSpan.FromHours(1), _directory.Now.AddHours(1));
}
