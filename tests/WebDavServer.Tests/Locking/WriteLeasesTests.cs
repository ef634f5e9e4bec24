using System.Collections.Concurrent;
using WebDav.Locking;
using WebDav.Protocol;
using WebDavServer.Tests.Support;
using static WebDav.Locking.LeaseKind;

namespace WebDavServer.Tests.Locking;

public sealed class WriteLeasesTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private readonly ManualTime _time = new();
    private readonly WriteLeases _leases;

    public WriteLeasesTests() => _leases = new WriteLeases(_time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_else_writes_is_had_at_once()
    {
        using var one = await Taken("/a");
        using var other = await Taken("/b");

        Assert.Equal([Claim("/b")], other.Claims);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Who_writes_the_same_waits_until_the_other_is_done()
    {
        var first = await Taken("/a");
        var second = Acquire("/a");
        Assert.False(second.IsCompleted);

        first.Dispose();

        using var lease = await Within(second);
        Assert.NotNull(lease);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Only_one_of_many_that_wait_gets_it()
    {
        var held = await Taken("/a");
        var waiting = Enumerable.Range(0, 10).Select(_ => Acquire("/a")).ToList();
        while (waiting.Count > 0)
        {
            held.Dispose();
            var next = await Within(Task.WhenAny(waiting));
            waiting.Remove(next);
            Assert.DoesNotContain(waiting, other => other.IsCompleted);
            held = (await next)!;
        }

        held.Dispose();
    }

    [Fact]
    public async Task A_request_gives_up_when_its_patience_ends()
    {
        using var held = await Taken("/a");
        var waiting = Acquire("/a");

        _time.Advance(WriteLeases.Patience - Tick);
        Assert.False(waiting.IsCompleted);

        _time.Advance(Tick);
        Assert.Null(await Within(waiting));
    }

    [Fact]
    public async Task Patience_does_not_begin_anew_when_somebody_else_is_done()
    {
        using var held = await Taken("/a");
        var waiting = Acquire("/a");
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(WriteLeases.Patience / 10);
            (await Taken("/b")).Dispose();
        }

        Assert.Null(await Within(waiting));
    }

    [Fact]
    public async Task Who_gave_up_holds_nothing()
    {
        var held = await Taken("/a");
        var waiting = Acquire("/a", "/b");
        _time.Advance(WriteLeases.Patience);
        Assert.Null(await Within(waiting));

        using var b = await Taken("/b");
        held.Dispose();
        using var a = await Taken("/a");
    }

    [Fact]
    public async Task All_claims_are_taken_or_none()
    {
        var held = await Taken("/b");
        var both = Acquire("/a", "/b");
        Assert.False(both.IsCompleted);

        var a = await Taken("/a"); // which the waiting request wants, but does not have
        held.Dispose();
        using var b = await Taken("/b");
        Assert.False(both.IsCompleted);

        a.Dispose();
        b.Dispose();
        using var lease = await Within(both);
        Assert.Equal([Claim("/a"), Claim("/b")], lease!.Claims);
    }

    [Fact]
    public async Task A_request_does_not_wait_for_itself()
    {
        using var lease = await _leases.AcquireAsync([new(At("/a"), Tree), new(At("/a"), Members), new(At("/a/b"), Resource)], Cancellation);

        Assert.NotNull(lease);
    }

    [Fact]
    public async Task A_lease_ends_once()
    {
        var first = await Taken("/a");
        first.Dispose();
        using var second = await Taken("/a");

        first.Dispose();

        Assert.False(Acquire("/a").IsCompleted);
    }

    [Fact]
    public async Task A_client_that_goes_away_waits_no_longer_and_holds_nothing()
    {
        using var gone = new CancellationTokenSource();
        var held = await Taken("/a");
        var waiting = _leases.AcquireAsync([Claim("/a"), Claim("/b")], gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within(waiting));
        held.Dispose();
        using var both = await _leases.AcquireAsync([Claim("/a"), Claim("/b")], Cancellation);
        Assert.NotNull(both);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Many_requests_with_overlapping_claims_all_come_to_an_end_and_never_meet()
    {
        string[] paths = ["", "/a", "/a/b", "/a/b/c", "/d", "/d/e"];
        var kinds = Enum.GetValues<LeaseKind>();
        var inside = new ConcurrentDictionary<WriteLease, bool>();
        var done = 0;

        await Within(Task.WhenAll(Enumerable.Range(0, 400).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            LeaseClaim[] claims = [.. Enumerable.Range(0, 3).Select(_ => new LeaseClaim(At(paths[random.Next(paths.Length)]), kinds[random.Next(kinds.Length)]))];
            using var lease = await _leases.AcquireAsync(claims, Cancellation);
            Assert.NotNull(lease);
            Assert.True(inside.TryAdd(lease, value: true));
            Assert.DoesNotContain(
                inside.Keys, other => other != lease && other.Claims.Any(theirs => claims.Any(ours => ours.ConflictsWith(theirs))));
            await Task.Yield();
            Assert.True(inside.TryRemove(lease, out _));
            Interlocked.Increment(ref done);
        }))));

        Assert.Equal(400, done);
        Assert.Equal(0, _time.Timers);
    }

    private static DavPath At(string path) => DavPath.FromValue(path);

    private static LeaseClaim Claim(string path) => new(At(path), Resource);

    // A guard against a test that hangs, and nothing that is measured.
    private static async Task<T> Within<T>(Task<T> task) => await task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

    private static async Task Within(Task task) => await task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

    private Task<WriteLease?> Acquire(params string[] paths) => _leases.AcquireAsync([.. paths.Select(Claim)], Cancellation).AsTask();

    private async Task<WriteLease> Taken(string path)
    {
        var lease = Acquire(path);
        Assert.True(lease.IsCompleted);
        return (await lease)!;
    }
}
