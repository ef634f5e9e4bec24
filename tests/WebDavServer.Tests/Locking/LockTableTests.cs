using WebDav.Locking;
using WebDav.Protocol;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Locking;

public sealed class LockTableTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly MemoryLockStore _store = new();
    private readonly LockTable _locks;

    public LockTableTests() => _locks = new LockTable(_store, new LockOptions { DefaultTimeout = TimeSpan.FromMinutes(1) }, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/a/b", Depth.Zero, "/a/b", true)] // RFC 4918 7: the resource itself
    [InlineData("/a/b", Depth.Zero, "/a", false)]
    [InlineData("/a/b", Depth.Zero, "/a/b/c", false)] // RFC 4918 7.4: depth 0 does not protect the content of members
    [InlineData("/a/b", Depth.Infinity, "/a/b/c", true)] // RFC 4918 7.4: members are indirectly locked
    [InlineData("/a/b", Depth.Infinity, "/a/b/c/d/e", true)]
    [InlineData("/a/b", Depth.Infinity, "/a", false)]
    [InlineData("/a/b", Depth.Infinity, "/a/bc", false)]
    [InlineData("/a/b", Depth.Infinity, "/a/b0", false)]
    [InlineData("/a/b", Depth.Infinity, "/a/B", false)]
    [InlineData("/a/b", Depth.Infinity, "", false)]
    [InlineData("", Depth.Infinity, "/a", true)]
    [InlineData("", Depth.Infinity, "", true)]
    [InlineData("", Depth.Zero, "", true)]
    [InlineData("", Depth.Zero, "/a", false)]
    public async Task A_lock_covers_its_root_and_a_deep_one_what_is_below(string root, Depth depth, string path, bool covered)
    {
        var active = await GrantAsync(root, depth: depth);

        Assert.Equal(covered ? [active] : [], _locks.Covering(At(path)));
    }

    [Theory]
    [InlineData("/a", new[] { "/a/b", "/a/b/c", "/a/z" })]
    [InlineData("/a/b", new[] { "/a/b/c" })]
    [InlineData("/a/b/c", new string[0])]
    [InlineData("/a0", new string[0])]
    [InlineData("/x", new string[0])]
    [InlineData("", new[] { "/a", "/a!", "/a/b", "/a/b/c", "/a/z", "/a0", "/aa", "/ab" })]
    public async Task Below_a_collection_are_the_locks_of_its_members_at_any_level(string collection, string[] roots)
    {
        foreach (var root in new[] { "", "/a", "/a!", "/a/b", "/a/b/c", "/a/z", "/a0", "/aa", "/ab" })
        {
            await GrantAsync(root, LockScope.Shared, Depth.Zero);
        }

        Assert.Equal(roots, _locks.Below(At(collection)).Select(active => active.Root.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(LockScope.Exclusive, LockScope.Exclusive, true)] // the table of RFC 4918 9.10.5
    [InlineData(LockScope.Exclusive, LockScope.Shared, true)]
    [InlineData(LockScope.Shared, LockScope.Exclusive, true)]
    [InlineData(LockScope.Shared, LockScope.Shared, false)]
    public async Task Only_shared_locks_stand_together(LockScope there, LockScope wanted, bool conflict)
    {
        var active = await GrantAsync("/a", there);

        Assert.Equal(conflict ? [active] : [], _locks.Conflicts(At("/a"), wanted, Depth.Zero));
        Assert.Equal(conflict ? [active] : [], _locks.Conflicts(At("/a"), wanted, Depth.Infinity));
    }

    [Theory]
    [InlineData("/a", Depth.Zero, "/a/b", Depth.Zero, false)] // RFC 4918 6.1, 7.4: scopes that do not meet
    [InlineData("/a", Depth.Zero, "/a/b", Depth.Infinity, false)]
    [InlineData("/a", Depth.Infinity, "/a/b", Depth.Zero, true)]
    [InlineData("/a", Depth.Infinity, "/a/b/c", Depth.Infinity, true)]
    [InlineData("/a/b", Depth.Zero, "/a", Depth.Zero, false)]
    [InlineData("/a/b", Depth.Zero, "/a", Depth.Infinity, true)]
    [InlineData("/a/b/c", Depth.Infinity, "/a", Depth.Infinity, true)]
    [InlineData("/a/b", Depth.Infinity, "/a/c", Depth.Infinity, false)]
    [InlineData("/a/b", Depth.Zero, "", Depth.Infinity, true)]
    public async Task Locks_conflict_where_their_scopes_meet(string there, Depth depth, string wanted, Depth wantedDepth, bool conflict)
    {
        var active = await GrantAsync(there, depth: depth);

        Assert.Equal(conflict ? [active] : [], _locks.Conflicts(At(wanted), LockScope.Exclusive, wantedDepth));
    }

    [Fact]
    public async Task A_granted_lock_is_kept_as_it_was_asked_for()
    {
        var request = new LockRequest(At("/a"), LockScope.Shared, Depth.Zero, "<D:owner xmlns:D=\"DAV:\"/>", "anna", [TimeSpan.FromSeconds(30)]);

        var active = await _locks.GrantAsync(request, Cancellation);

        var expected = new ActiveLock(
            active.Token, At("/a"), LockScope.Shared, Depth.Zero, request.Owner, "anna", TimeSpan.FromSeconds(30), _time.GetUtcNow().AddSeconds(30))
        {
            Created = _time.GetUtcNow(),
        };
        Assert.Equal(expected, active);
        Assert.Equal([expected], _store.Kept);
        Assert.Equal(expected, _locks.Find(active.Token));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", active.Token.Uri); // RFC 4918 6.5
    }

    [Fact]
    public async Task Every_lock_has_a_token_of_its_own() // RFC 4918 6.2, 6.5
    {
        var tokens = new HashSet<LockToken>();
        for (var i = 0; i < 100; i++)
        {
            tokens.Add((await GrantAsync("/a", LockScope.Shared)).Token);
        }

        Assert.Equal(100, tokens.Count);
        Assert.Equal(100, _locks.Covering(At("/a")).Count);
    }

    [Fact]
    public async Task A_lock_ends_at_the_moment_it_expires() // RFC 4918 6.6
    {
        var active = await GrantAsync("/a/b");

        _time.Advance(active.Timeout - TimeSpan.FromTicks(1));
        Assert.Equal([active], _locks.Covering(At("/a/b")));

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(_locks.Covering(At("/a/b")));
        Assert.Empty(_locks.Covering(At("/a/b/c")));
        Assert.Empty(_locks.Below(At("/a")));
        Assert.Empty(_locks.Conflicts(At("/a"), LockScope.Exclusive, Depth.Infinity));
        Assert.Null(_locks.Find(active.Token));
    }

    [Fact]
    public async Task An_expired_lock_is_forgotten_by_the_store_with_the_next_grant()
    {
        await GrantAsync("/a");
        var longer = await GrantAsync("/b", timeout: TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(2));

        var next = await GrantAsync("/a");

        Assert.Equal([next, longer], _store.Kept);
    }

    [Fact]
    public async Task Time_passing_ends_one_lock_and_not_another_on_the_same_resource()
    {
        await GrantAsync("/a", LockScope.Shared, timeout: Second);
        var longer = await GrantAsync("/a", LockScope.Shared, timeout: 2 * Second);

        _time.Advance(Second);

        Assert.Equal([longer], _locks.Covering(At("/a")));
    }

    [Fact]
    public async Task A_refreshed_lock_keeps_its_token_and_lasts_anew() // RFC 4918 6.6, 9.10.2
    {
        var active = await GrantAsync("/a");
        _time.Advance(TimeSpan.FromSeconds(50));

        var refreshed = await _locks.RefreshAsync(active.Token, [], Cancellation);

        Assert.Equal(active with { Expires = _time.GetUtcNow() + active.Timeout }, refreshed);
        Assert.Equal([refreshed!], _store.Kept);
        Assert.Equal([refreshed!], _locks.Covering(At("/a")));
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.NotNull(_locks.Find(active.Token));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(_locks.Find(active.Token));
    }

    [Fact]
    public async Task A_refresh_may_change_how_long_the_lock_lasts() // RFC 4918 7.7, 9.10.2
    {
        var active = await GrantAsync("/a");

        var refreshed = await _locks.RefreshAsync(active.Token, [TimeSpan.FromSeconds(5)], Cancellation);
        _time.Advance(TimeSpan.FromSeconds(4));
        var again = await _locks.RefreshAsync(active.Token, [], Cancellation);

        Assert.Equal(TimeSpan.FromSeconds(5), refreshed!.Timeout);
        Assert.Equal((TimeSpan.FromSeconds(5), _time.GetUtcNow().AddSeconds(5)), (again!.Timeout, again.Expires));
    }

    [Fact]
    public async Task A_refresh_leaves_other_locks_on_the_resource_alone() // RFC 4918 9.10.2
    {
        var one = await GrantAsync("/a", LockScope.Shared);
        var other = await GrantAsync("/a", LockScope.Shared);
        _time.Advance(Second);

        var refreshed = await _locks.RefreshAsync(one.Token, [], Cancellation);

        Assert.Equal(new HashSet<ActiveLock> { refreshed!, other }, [.. _locks.Covering(At("/a"))]);
    }

    [Fact]
    public async Task A_lock_that_has_ended_cannot_be_refreshed() // RFC 4918 9.10.6
    {
        var expired = await GrantAsync("/a");
        _time.Advance(expired.Timeout);
        var unlocked = await GrantAsync("/b");
        await _locks.ReleaseAsync(unlocked.Token, Cancellation);

        Assert.Null(await _locks.RefreshAsync(expired.Token, [], Cancellation));
        Assert.Null(await _locks.RefreshAsync(unlocked.Token, [], Cancellation));
        Assert.Null(await _locks.RefreshAsync(new LockToken("urn:uuid:unknown"), [], Cancellation));
        Assert.Empty(_locks.Covering(At("/a")));
        Assert.Empty(_locks.Covering(At("/b")));
    }

    [Fact]
    public async Task A_lock_that_is_released_while_its_refresh_is_being_kept_stays_released()
    {
        var active = await GrantAsync("/a");
        _store.AfterSave = () => _locks.ReleaseAsync(active.Token, Cancellation);

        Assert.Null(await _locks.RefreshAsync(active.Token, [], Cancellation));

        Assert.Empty(_locks.Covering(At("/a")));
        Assert.Empty(_store.Kept);
    }

    [Fact]
    public async Task A_lock_that_is_refreshed_while_its_release_is_being_kept_stays_released()
    {
        var active = await GrantAsync("/a");
        _store.AfterDelete = async () =>
        {
            _store.AfterDelete = null;
            await _locks.RefreshAsync(active.Token, [], Cancellation);
        };

        await _locks.ReleaseAsync(active.Token, Cancellation);

        Assert.Empty(_locks.Covering(At("/a")));
        Assert.Empty(_store.Kept);
    }

    [Fact]
    public async Task A_lock_that_expires_while_its_refresh_is_being_kept_lasts_anew()
    {
        var active = await GrantAsync("/a");
        _time.Advance(active.Timeout - Second);
        _store.AfterSave = () =>
        {
            _time.Advance(2 * Second);
            return ValueTask.CompletedTask;
        };

        Assert.NotNull(await _locks.RefreshAsync(active.Token, [], Cancellation));

        Assert.NotNull(_locks.Find(active.Token));
    }

    [Fact]
    public async Task Releasing_ends_one_lock() // RFC 4918 6.1: after that, no resource is locked by it
    {
        var one = await GrantAsync("/a", LockScope.Shared);
        var other = await GrantAsync("/a", LockScope.Shared);

        await _locks.ReleaseAsync(one.Token, Cancellation);
        await _locks.ReleaseAsync(new LockToken("urn:uuid:unknown"), Cancellation);

        Assert.Equal([other], _locks.Covering(At("/a")));
        Assert.Equal([other], _locks.Covering(At("/a/b")));
        Assert.Equal([other], _store.Kept);
        Assert.Null(_locks.Find(one.Token));
    }

    [Fact]
    public async Task Releasing_a_tree_ends_the_locks_at_and_below_its_root() // RFC 4918 6.1, 9.6
    {
        var (above, beside) = (await GrantAsync("", depth: Depth.Zero), await GrantAsync("/a0"));
        foreach (var path in new[] { "/a", "/a/b", "/a/b/c" })
        {
            await GrantAsync(path, depth: Depth.Zero);
        }

        await _locks.ReleaseTreeAsync(At("/a"), Cancellation);

        Assert.Equal([above, beside], _store.Kept);
        Assert.Empty(_locks.Covering(At("/a")));
        Assert.Empty(_locks.Below(At("/a")));
        Assert.Equal([beside], _locks.Below(DavPath.Root));
    }

    [Fact]
    public async Task A_copy_ends_the_locks_of_the_members_it_replaces_and_not_of_their_collection() // RFC 4918 7.6
    {
        await GrantAsync("/a", depth: Depth.Zero);
        var member = await GrantAsync("/a/b");
        var deeper = await GrantAsync("/a/c/d");
        await GrantAsync("/a0");

        Assert.Equal([member.Token, deeper.Token], await _locks.EndedByCopyAsync(At("/a"), Cancellation));
    }

    [Fact]
    public async Task A_move_ends_the_locks_of_its_source_and_of_the_members_it_replaces() // RFC 4918 7.6
    {
        string[] ended = ["/from", "/from/b", "/from/b/c", "/to/b", "/to/b/d"];
        foreach (var path in new[] { "", "/from0", "/to", "/to0" }.Concat(ended))
        {
            await GrantAsync(path, LockScope.Shared, Depth.Zero);
        }

        var tokens = await _locks.EndedByMoveAsync(At("/from"), At("/to"), Cancellation);

        Assert.Equal(ended, tokens.Select(token => _locks.Find(token)!.Root.Value).Order(StringComparer.Ordinal));
        _locks.Forget(tokens);
        Assert.Equal(["", "/from0", "/to", "/to0"], AllRoots());
        Assert.Equal(9, _store.Kept.Count); // whoever forgets has seen to the store
    }

    [Fact]
    public async Task Locks_that_outlived_the_server_count_again_unless_they_expired_meanwhile()
    {
        var ended = Kept("/a", _time.GetUtcNow());
        var lasting = Kept("/b", _time.GetUtcNow() + Second);
        _store.Add(ended, lasting);

        await _locks.LoadAsync(Cancellation);

        Assert.Equal(["/b"], AllRoots());
        Assert.Null(_locks.Find(ended.Token));
        Assert.Equal(lasting, _locks.Find(lasting.Token));
        await GrantAsync("/c");
        Assert.Equal(["/b", "/c"], _store.Kept.Select(active => active.Root.Value));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_kept_is_not_granted()
    {
        var other = await GrantAsync("/b");
        _store.Fails = true;

        await Assert.ThrowsAsync<IOException>(() => GrantAsync("/a"));

        Assert.Equal([other], _locks.Below(DavPath.Root));
        Assert.Equal([other], _store.Kept);
    }

    [Fact]
    public async Task A_refresh_that_cannot_be_kept_leaves_the_lock_as_it_was()
    {
        var active = await GrantAsync("/a");
        _time.Advance(Second);
        _store.Fails = true;

        await Assert.ThrowsAsync<IOException>(() => _locks.RefreshAsync(active.Token, [TimeSpan.FromHours(1)], Cancellation).AsTask());

        Assert.Equal(active, _locks.Find(active.Token));
        Assert.Equal([active], _locks.Covering(At("/a")));
    }

    [Fact]
    public async Task A_release_that_cannot_be_kept_leaves_the_lock_as_it_was()
    {
        var active = await GrantAsync("/a");
        _store.Fails = true;

        await Assert.ThrowsAsync<IOException>(() => _locks.ReleaseAsync(active.Token, Cancellation).AsTask());

        Assert.Equal(active, _locks.Find(active.Token));
        Assert.Equal([active], _locks.Covering(At("/a")));
        Assert.Equal([active], _store.Kept);
    }

    [Fact]
    public async Task What_is_gone_is_not_locked_even_if_the_store_cannot_forget_it() // RFC 4918 6.1
    {
        await GrantAsync("/a");
        await GrantAsync("/a/c");
        _store.Fails = true;

        await Assert.ThrowsAsync<IOException>(() => _locks.ReleaseTreeAsync(At("/a"), Cancellation).AsTask());

        Assert.Empty(AllRoots());
    }

    [Fact]
    public async Task A_client_that_has_gone_gets_no_lock()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _locks.GrantAsync(Request("/a"), gone.Token).AsTask());

        Assert.Empty(AllRoots());
        Assert.Empty(_store.Kept);
    }

    private static DavPath At(string path) => DavPath.FromValue(path);

    private static LockRequest Request(
        string root, LockScope scope = LockScope.Exclusive, Depth depth = Depth.Infinity, params IReadOnlyList<TimeSpan> timeouts) =>
        new(At(root), scope, depth, Owner: null, Principal: null, timeouts);

    private static ActiveLock Kept(string root, DateTimeOffset expires) =>
        new(LockToken.New(), At(root), LockScope.Exclusive, Depth.Infinity, Owner: null, Principal: null, Second, expires);

    private IEnumerable<string> AllRoots() =>
        _locks.Covering(DavPath.Root).Concat(_locks.Below(DavPath.Root)).Select(active => active.Root.Value).Order(StringComparer.Ordinal);

    private async Task<ActiveLock> GrantAsync(
        string root, LockScope scope = LockScope.Exclusive, Depth depth = Depth.Infinity, TimeSpan? timeout = null) =>
        await _locks.GrantAsync(Request(root, scope, depth, timeout is { } wish ? [wish] : []), Cancellation);
}
