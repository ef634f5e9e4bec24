using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Trees.TreeBench;

namespace WebDavServer.Tests.Trees;

/// <summary>RFC 4918 9.9: dead properties move along, locks do not; between file systems a move is a whole copy and then a removal.</summary>
public sealed class MoveTreeTests : IAsyncLifetime
{
    private static readonly string[] Moved = ["1=first", "d/", "d/1=one", "d/2=two", "e/", "e/1=eins"];

    private readonly TreeBench _bench = new();

    private TempTree Tree => _bench.Tree;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_move_takes_everything_along_but_locks(bool across)
    {
        // RFC 4918 7.5, 9.9.1
        AddSource();
        await _bench.MarkAsync("/a", "/a/d/1");

        IReadOnlyList<TreeEvent> steps = await MoveAsync(across);

        Assert.Empty(Failures(steps));
        Assert.False(Tree.Has("a"));
        Assert.Equal(Moved, Tree.List("b"));
        Assert.Equal(["/b", "/b/d/1"], await _bench.WithPropertiesAsync());
        Assert.Empty(_bench.Locked());
        _bench.AssertClean();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_old_destination_is_replaced_with_all_that_it_had(bool across)
    {
        // RFC 4918 9.9.3; the lock on the destination itself stays (7.7).
        AddSource();
        Tree.AddFile("b/old/deep", "old");
        await _bench.MarkAsync("/a", "/b", "/b/old", "/b/old/deep");

        IReadOnlyList<TreeEvent> steps = await MoveAsync(across);

        Assert.Empty(Failures(steps));
        Assert.False(Tree.Has("a"));
        Assert.Equal(Moved, Tree.List("b"));
        Assert.Equal(["/b"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/b"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_rename_that_fails_leaves_everything_as_it_was()
    {
        AddSource();
        Tree.AddFile("b/old", "old");
        await _bench.MarkAsync("/a", "/a/1", "/b", "/b/old");
        IReadOnlyList<string> before = Tree.List();
        _bench.Store.Fail(StoreCall.Rename, "/a", StoreFault.Denied);

        await Assert.ThrowsAsync<StoreException>(() => _bench.MoveAsync("/a", "/b"));

        Assert.Equal(before, Tree.List());
        Assert.Equal(["/a", "/a/1", "/b", "/b/old"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a", "/a/1", "/b", "/b/old"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_rename_whose_properties_cannot_follow_is_taken_back()
    {
        AddSource();
        await _bench.MarkAsync("/a", "/a/1");
        IReadOnlyList<string> before = Tree.List();
        MoveTree move = new(_bench.Store, new FailingJournal(_bench.Journal), _bench.Locks, _bench.Copy, _bench.Delete);

        await Assert.ThrowsAsync<StoreException>(async () => await DoneAsync(
            move.RunAsync(await _bench.EntryAsync("/a"), At("/b"), replaced: null, new TreeControl(CancellationToken.None))));

        Assert.Equal(before, Tree.List());
        Assert.Equal(["/a", "/a/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a", "/a/1"], _bench.Locked());
        Assert.Empty(await _bench.Journal.PendingAsync(server: null, CancellationToken.None));
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_rename_is_one_step_and_copies_nothing()
    {
        AddSource();

        Assert.Equal(["/a"], Done(await _bench.MoveAsync("/a", "/b")));

        Assert.Equal(0, _bench.Store.Count(StoreCall.Stage));
    }

    [Fact]
    public async Task Between_file_systems_modification_times_stay()
    {
        AddSource();
        DateTime modified = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Tree.At("a/1"), modified);
        Directory.SetLastWriteTimeUtc(Tree.At("a/d"), modified);

        await _bench.MoveAcrossAsync("/a", "/b");

        Assert.Equal(modified, File.GetLastWriteTimeUtc(Tree.At("b/1")));
        Assert.Equal(modified, Directory.GetLastWriteTimeUtc(Tree.At("b/d")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Between_file_systems_a_failing_child_leaves_the_source_whole_and_the_destination_as_it_was(bool replaces)
    {
        AddSource();
        if (replaces)
        {
            Tree.AddFile("b/old", "old");
        }

        await _bench.MarkAsync("/a", "/a/d/1");
        IReadOnlyList<string> before = Tree.List();
        _bench.Store.Fail(StoreCall.StagedCopyFile, "/a/d/1", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.MoveAcrossAsync("/a", "/b");

        // Not only the child stays: without the 424 (RFC 4918 11.4) a client would take its siblings for moved.
        Assert.Equal(["424 /a/", "403 /a/d/1"], Failures(steps));
        Assert.Equal(before, Tree.List());
        Assert.Equal(["/a", "/a/d/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a", "/a/d/1"], _bench.Locked());
        Assert.Equal(0, _bench.Store.Count(StoreCall.Remove));
        _bench.AssertClean();
    }

    [Theory]
    [InlineData(StoreCall.Stage, "/b", StoreFault.Denied)]
    [InlineData(StoreCall.List, "/a", StoreFault.Denied)]
    [InlineData(StoreCall.StagedMakeCollection, "/b", StoreFault.InputOutput)]
    [InlineData(StoreCall.StagedCopyFile, "/a/d/1", StoreFault.NoSpace)]
    [InlineData(StoreCall.StagedPublish, "/b", StoreFault.Busy)]
    public async Task Between_file_systems_the_requests_own_failure_leaves_everything_as_it_was(StoreCall call, string path, StoreFault fault)
    {
        AddSource();
        Tree.AddFile("b/old", "old");
        await _bench.MarkAsync("/a", "/a/1", "/b/old");
        IReadOnlyList<string> before = Tree.List();
        _bench.Store.Fail(call, path, fault);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => _bench.MoveAcrossAsync("/a", "/b"));

        Assert.Equal(fault, failure.Fault);
        Assert.Equal(before, Tree.List());
        Assert.Equal(["/a", "/a/1", "/b/old"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a", "/a/1", "/b/old"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task Between_file_systems_the_copy_is_published_before_anything_of_the_source_goes()
    {
        AddSource();
        List<bool> published = [];
        _bench.Store.On(StoreCall.Remove, path: null, (_, _) =>
        {
            lock (published)
            {
                published.Add(Tree.List("b").SequenceEqual(Moved));
            }

            return Task.CompletedTask;
        });

        await _bench.MoveAcrossAsync("/a", "/b");

        Assert.Equal(7, published.Count);
        Assert.DoesNotContain(false, published);
    }

    [Fact]
    public async Task Between_file_systems_a_member_of_the_source_that_stays_is_told()
    {
        AddSource();
        Tree.AddFile("b/old", "old");
        await _bench.MarkAsync("/a/1", "/a/d/1");
        _bench.Store.Fail(StoreCall.Remove, "/a/d/1", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.MoveAcrossAsync("/a", "/b");

        Assert.Equal(["403 /a/d/1"], Failures(steps));
        Assert.Equal(["d/", "d/1=one"], Tree.List("a"));
        Assert.Equal(Moved, Tree.List("b"));
        Assert.Equal(["/a/d/1", "/b/1", "/b/d/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a/d/1"], _bench.Locked());
        _bench.AssertClean();
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/a/1")]
    public async Task Between_file_systems_a_source_that_itself_stays_is_told_for_the_copy_is_published(string source)
    {
        // A status of its own would say that nothing has happened.
        AddSource();
        Tree.AddFile("b/old", "old");
        _bench.Store.Fail(StoreCall.Remove, source, StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.MoveAcrossAsync(source, "/b");

        Assert.Equal([source == "/a" ? "403 /a/" : "403 /a/1"], Failures(steps));
        Assert.False(Tree.Has("b/old"));
        Assert.True(Tree.Has(source[1..]));
        _bench.AssertClean();
    }

    [Fact]
    public async Task Between_file_systems_a_link_is_moved_as_what_it_shows_which_stays()
    {
        AddSource();
        Tree.AddFile("outside/file", "precious");
        Directory.CreateSymbolicLink(Tree.At("a/link"), "../outside");

        IReadOnlyList<TreeEvent> steps = await _bench.MoveAcrossAsync("/a", "/b");

        Assert.Empty(Failures(steps));
        Assert.Equal([.. Moved, "link/", "link/file=precious"], Tree.List("b"));
        Assert.Equal(["file=precious"], Tree.List("outside"));
        Assert.False(Tree.Has("a"));
    }

    [Fact]
    public async Task A_rename_moves_a_link_as_a_link()
    {
        AddSource();
        Tree.AddFile("outside/file", "precious");
        Directory.CreateSymbolicLink(Tree.At("a/link"), "../outside");

        await _bench.MoveAsync("/a", "/b");

        Assert.Equal([.. Moved, "link->../outside"], Tree.List("b"));
    }

    [Theory]
    [InlineData(StoreCall.StagedCopyFile, "/a/d/2")]
    [InlineData(StoreCall.StagedPublish, "/b")]
    public async Task Between_file_systems_a_move_that_is_cancelled_before_its_publishing_leaves_everything_as_it_was(StoreCall call, string path)
    {
        AddSource();
        Tree.AddFile("b/old", "old");
        IReadOnlyList<string> before = Tree.List();
        using CancellationTokenSource cancel = new();
        _bench.Store.Before(call, path, cancel.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.MoveAcrossAsync("/a", "/b", cancel.Token));

        Assert.Equal(before, Tree.List());
        _bench.AssertClean();
    }

    [Fact]
    public async Task Between_file_systems_a_move_that_is_cancelled_after_its_publishing_is_finished()
    {
        AddSource();
        using CancellationTokenSource cancel = new();
        _bench.Store.Before(StoreCall.Remove, path: null, cancel.Cancel);

        await _bench.MoveAcrossAsync("/a", "/b", cancel.Token);

        Assert.False(Tree.Has("a"));
        Assert.Equal(Moved, Tree.List("b"));
        _bench.AssertClean();
    }

    private Task<IReadOnlyList<TreeEvent>> MoveAsync(bool across) => across ? _bench.MoveAcrossAsync("/a", "/b") : _bench.MoveAsync("/a", "/b");

    private void AddSource()
    {
        Tree.AddFile("a/1", "first");
        Tree.AddFile("a/d/1", "one");
        Tree.AddFile("a/d/2", "two");
        Tree.AddFile("a/e/1", "eins");
    }
}
