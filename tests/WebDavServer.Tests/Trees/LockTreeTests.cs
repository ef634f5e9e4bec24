using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Trees.TreeBench;

namespace WebDavServer.Tests.Trees;

/// <summary>RFC 4918 9.10.3: a deep lock is granted for all members or for none.</summary>
public sealed class LockTreeTests : IAsyncLifetime
{
    private readonly TreeBench _bench = new();

    public ValueTask InitializeAsync()
    {
        _bench.Tree.AddFile("a/1");
        _bench.Tree.AddFile("a/d/1");
        _bench.Tree.AddFile("a/d/2");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Every_member_is_asked_once()
    {
        IReadOnlyList<TreeEvent> steps = await _bench.LockAsync("/a");

        Assert.Empty(Failures(steps));
        Assert.Equal(["/a", "/a/1", "/a/d", "/a/d/1", "/a/d/2"], Done(steps));
        Assert.Equal(5, _bench.Store.Count(StoreCall.CheckWritable));
        Assert.Empty(_bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_member_that_cannot_be_written_is_told_and_the_visit_goes_on()
    {
        _bench.Store.Fail(StoreCall.CheckWritable, "/a/d", StoreFault.Denied);
        _bench.Store.Fail(StoreCall.CheckWritable, "/a/d/2", StoreFault.InputOutput);

        IReadOnlyList<TreeEvent> steps = await _bench.LockAsync("/a");

        Assert.Equal(["403 /a/d/", "500 /a/d/2"], Failures(steps));
        Assert.Equal(["/a", "/a/1", "/a/d/1"], Done(steps));
    }

    [Theory]
    [InlineData(LockScope.Exclusive, LockScope.Exclusive, true)]
    [InlineData(LockScope.Exclusive, LockScope.Shared, true)]
    [InlineData(LockScope.Shared, LockScope.Exclusive, true)]
    [InlineData(LockScope.Shared, LockScope.Shared, false)]
    public async Task A_member_that_is_locked_in_conflict_is_told(LockScope there, LockScope wanted, bool conflict)
    {
        // RFC 4918 6.1
        await _bench.Locks.GrantAsync(new LockRequest(At("/a/d/1"), there, Depth.Zero, null, null, []), CancellationToken.None);

        IReadOnlyList<TreeEvent> steps = await _bench.LockAsync("/a", wanted);

        Assert.Equal(conflict ? ["423 /a/d/1"] : [], Failures(steps));
        Assert.All(
            steps.Where(step => step.Failure is not null),
            step => Assert.Equal((DavNames.NoConflictingLock, "/a/d/1"), (step.Failure!.Fault.Condition, step.Failure.Fault.Hrefs.Single().Value)));
    }

    [Fact]
    public async Task A_collection_that_cannot_be_listed_is_told()
    {
        _bench.Store.Fail(StoreCall.List, "/a/d", StoreFault.Denied);

        Assert.Equal(["403 /a/d/"], Failures(await _bench.LockAsync("/a")));

        _bench.AssertClean();
    }

    [Fact]
    public async Task Members_that_vanish_meanwhile_are_not_in_the_way()
    {
        _bench.Store.Before(StoreCall.CheckWritable, "/a/1", () => File.Delete(_bench.Tree.At("a/1")));
        _bench.Store.Before(StoreCall.List, "/a/d", () => Directory.Delete(_bench.Tree.At("a/d"), recursive: true));

        IReadOnlyList<TreeEvent> steps = await _bench.LockAsync("/a");

        Assert.Empty(Failures(steps));
    }

    [Fact]
    public async Task The_resource_itself_must_not_vanish()
    {
        _bench.Store.Before(StoreCall.CheckWritable, "/a", () => Directory.Delete(_bench.Tree.At("a"), recursive: true));

        Assert.Equal("404 /a/", Failures(await _bench.LockAsync("/a"))[0]);
    }

    [Fact]
    public async Task A_loop_of_links_ends_with_508()
    {
        // RFC 5842 7.2
        Directory.CreateSymbolicLink(_bench.Tree.At("a/d/loop"), "..");

        Assert.Equal(["508 /a/d/loop/"], Failures(await _bench.LockAsync("/a")));
    }
}
