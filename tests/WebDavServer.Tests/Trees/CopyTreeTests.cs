using System.Runtime.Versioning;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Trees.TreeBench;

namespace WebDavServer.Tests.Trees;

/// <summary>RFC 4918 9.8: a copy is whole, or says what is missing of it; a destination is replaced by a whole copy only.</summary>
public sealed class CopyTreeTests : IAsyncLifetime
{
    private readonly TreeBench _bench = new();

    private TempTree Tree => _bench.Tree;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_copy_has_all_that_its_source_has()
    {
        AddSource();
        await _bench.SetPropertyAsync("/a");
        await _bench.SetPropertyAsync("/a/d/1");

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(Tree.List("a"), Tree.List("b"));
        Assert.Equal(["/a", "/a/1", "/a/d", "/a/d/1", "/a/d/2", "/a/e", "/a/e/1"], Done(steps));
        Assert.Equal(["/a", "/a/d/1", "/b", "/b/d/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(Tree.List("a").Where(line => line.Contains('=')).Sum(line => line.Split('=')[1].Length), steps.Sum(step => step.Bytes));
        _bench.AssertClean();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Many_files_large_ones_among_them_are_told_in_the_order_of_the_walk_and_keep_their_permissions()
    {
        for (int i = 0; i < 600; i++)
        {
            string file = $"a/{i % 3}/{(i % 7 == 0 ? "sub/" : "")}{i}";
            Tree.AddFile(file, i % 100 == 50 ? new string('x', (int)CopyTree.SmallFile + i) : $"{i}");
            File.SetUnixFileMode(Tree.At(file), i % 5 == 0 ? UnixFileMode.UserRead : UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        List<string> walked = [];
        await foreach (WalkStep step in new WalkTree(_bench.Store, await _bench.EntryAsync("/a"), Depth.Infinity, followLinks: true).StepsAsync(CancellationToken.None))
        {
            if (step.Kind == WalkStepKind.Visit)
            {
                walked.Add(step.Entry.Path.Value);
            }
        }

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(walked, steps.Where(step => step.Kind == TreeEventKind.Done).Select(step => step.Path.Value));
        Assert.Equal(Tree.List("a"), Tree.List("b"));
        string[] files = Directory.GetFiles(Tree.At("a"), "*", SearchOption.AllDirectories);
        Assert.Equal(600, files.Length);
        Assert.All(files, file => Assert.Equal(File.GetUnixFileMode(file), File.GetUnixFileMode(Tree.At("b") + file[Tree.At("a").Length..])));
        _bench.AssertClean();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Depth_0_copies_a_collection_without_its_members()
    {
        // RFC 4918 9.8.3
        AddSource();
        await _bench.SetPropertyAsync("/a");
        await _bench.SetPropertyAsync("/a/d");
        File.SetUnixFileMode(Tree.At("a"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await _bench.CopyAsync("/a", "/b", Depth.Zero);

        Assert.Empty(Tree.List("b"));
        Assert.Equal(["/a", "/a/d", "/b"], await _bench.WithPropertiesAsync());
        Assert.Equal(File.GetUnixFileMode(Tree.At("a")), File.GetUnixFileMode(Tree.At("b"))); // no wider than the source, as at Depth infinity
    }

    [Theory]
    [InlineData(StoreFault.Denied, 403)]
    [InlineData(StoreFault.InputOutput, 500)]
    [InlineData(StoreFault.Busy, 503)]
    [InlineData(StoreFault.TooLarge, 507)]
    public async Task A_failing_child_is_told_and_its_siblings_are_copied(StoreFault fault, int status)
    {
        // RFC 4918 9.8.3: "it must continue to copy as much of the original copy as possible"
        AddSource();
        await _bench.SetPropertyAsync("/a/d/1");
        await _bench.SetPropertyAsync("/a/d/2");
        _bench.Store.Fail(StoreCall.StagedCopyFile, "/a/d/1", fault);

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal([$"{status} /a/d/1"], Failures(steps));
        Assert.Equal(Tree.List("a").Where(line => line != "d/1=one"), Tree.List("b"));
        Assert.Equal(["/a/d/1", "/a/d/2", "/b/d/2"], await _bench.WithPropertiesAsync());
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_file_that_fails_in_its_middle_leaves_nothing_of_itself()
    {
        AddSource();
        _bench.Store.Fail(StoreCall.StagedCopyChunk, "/a/d/2", StoreFault.InputOutput);

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(["500 /a/d/2"], Failures(steps));
        Assert.Equal(Tree.List("a").Where(line => line != "d/2=two"), Tree.List("b"));
    }

    [Fact]
    public async Task What_is_below_a_failing_collection_is_skipped_and_not_told()
    {
        // RFC 4918 9.8.3: "the server MUST NOT create copies of members of this collection"
        AddSource();
        _bench.Store.Fail(StoreCall.StagedMakeCollection, "/b/d", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(["403 /b/d/"], Failures(steps));
        Assert.Equal(Tree.List("a").Where(line => !line.StartsWith('d')), Tree.List("b"));
        Assert.Equal(0, _bench.Store.Count(StoreCall.List, "/a/d"));
        _bench.AssertClean();
    }

    [Theory]
    [InlineData(StoreCall.List)]
    [InlineData(StoreCall.StagedComplete)]
    public async Task The_collections_beside_one_that_fails_have_all_their_members(StoreCall call)
    {
        // Three alike, so that at least one comes after the one that fails, whatever the order.
        for (int i = 0; i < 3; i++)
        {
            Tree.AddFile($"a/{i}/f", "content");
        }

        _bench.Store.Fail(call, "/a/0", StoreFault.Denied);
        _bench.Store.Fail(call, "/a/1", StoreFault.Denied);
        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(["/a/0", "/a/1"], steps.Where(step => step.Failure is not null).Select(step => step.Failure!.Path.Value).Order(StringComparer.Ordinal));
        Assert.Contains("2/f=content", Tree.List("b"));
        _bench.AssertClean();
    }

    [Theory]
    [InlineData(StoreCall.Stage, "/b", StoreFault.NoParent)]
    [InlineData(StoreCall.StagedMakeCollection, "/b", StoreFault.Denied)]
    [InlineData(StoreCall.List, "/a", StoreFault.Denied)]
    [InlineData(StoreCall.StagedComplete, "/a", StoreFault.InputOutput)]
    [InlineData(StoreCall.StagedPublish, "/b", StoreFault.Busy)]
    public async Task The_requests_own_failure_ends_it_and_everything_is_as_it_was(StoreCall call, string path, StoreFault fault)
    {
        AddSource();
        Tree.AddFile("b/old", "old");
        await _bench.MarkAsync("/a", "/b", "/b/old");
        IReadOnlyList<string> before = Tree.List();
        _bench.Store.Fail(call, path, fault);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => _bench.CopyAsync("/a", "/b"));

        Assert.Equal(fault, failure.Fault);
        Assert.Equal(before, Tree.List());
        Assert.Equal(["/a", "/b", "/b/old"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a", "/b", "/b/old"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_file_that_cannot_be_copied_is_the_requests_own_failure()
    {
        AddSource();
        _bench.Store.Fail(StoreCall.StagedCopyFile, "/a/1", StoreFault.Denied);

        await Assert.ThrowsAsync<StoreException>(() => _bench.CopyAsync("/a/1", "/b"));

        Assert.False(Tree.Has("b"));
        _bench.AssertClean();
    }

    [Theory]
    [InlineData(StoreCall.StagedCopyFile, "/a/d/1")]
    [InlineData(StoreCall.StagedCopyChunk, "/a/d/1")]
    [InlineData(StoreCall.StagedMakeCollection, "/b/e")]
    [InlineData(StoreCall.StagedComplete, "/a/d")]
    [InlineData(StoreCall.StagedPublish, "/b")]
    public async Task Without_room_nothing_is_published_and_nothing_is_left(StoreCall call, string path)
    {
        // RFC 4918 9.8.5: 507 for the request, not one for each member that is still to come.
        AddSource();
        await _bench.SetPropertyAsync("/a/1");
        IReadOnlyList<string> before = Tree.List();
        _bench.Store.Fail(call, path, StoreFault.NoSpace);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => _bench.CopyAsync("/a", "/b"));

        Assert.Equal(507, failure.ToDavFault().Status);
        Assert.Equal(before, Tree.List());
        Assert.Equal(["/a/1"], await _bench.WithPropertiesAsync());
        _bench.AssertClean();
    }

    [Fact]
    public async Task An_old_destination_goes_for_a_whole_copy()
    {
        // RFC 4918 9.8.4; the lock on the destination itself stays, as the new resource joins its scope (7.7).
        AddSource();
        Tree.AddFile("b/old/deep", "old");
        await _bench.MarkAsync("/b", "/b/old", "/b/old/deep");
        await _bench.SetPropertyAsync("/a/1");

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Empty(Failures(steps));
        Assert.Equal(Tree.List("a"), Tree.List("b"));
        Assert.Equal(["/a/1", "/b/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/b"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task An_old_destination_stays_if_its_replacement_is_not_whole()
    {
        AddSource();
        Tree.AddFile("b/old", "old");
        await _bench.MarkAsync("/b", "/b/old");
        _bench.Store.Fail(StoreCall.StagedCopyFile, "/a/d/1", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(["403 /a/d/1", "424 /b/"], Failures(steps)); // RFC 4918 11.4
        Assert.Equal(["old=old"], Tree.List("b"));
        Assert.Equal(["/b", "/b/old"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/b", "/b/old"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_file_that_vanishes_meanwhile_is_no_failure()
    {
        // As if it had gone a moment sooner: the store leaves out what vanishes while it lists.
        AddSource();
        Tree.AddFile("b/old", "old");
        _bench.Store.Before(StoreCall.StagedCopyFile, "/a/d/1", () => File.Delete(Tree.At("a/d/1")));

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Empty(Failures(steps));
        Assert.Equal(Tree.List("a"), Tree.List("b"));
    }

    [Fact]
    public async Task A_collection_that_vanishes_meanwhile_is_no_failure()
    {
        AddSource();
        _bench.Store.Before(StoreCall.List, "/a/d", () => Directory.Delete(Tree.At("a/d"), recursive: true));

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Empty(Failures(steps));
        Assert.Equal(["1=first", "d/", "e/", "e/1=eins"], Tree.List("b"));
        _bench.AssertClean();
    }

    [Fact]
    public async Task The_source_itself_must_not_vanish()
    {
        AddSource();
        _bench.Store.Before(StoreCall.List, "/a", () => Directory.Delete(Tree.At("a"), recursive: true));

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => _bench.CopyAsync("/a", "/b"));

        Assert.Equal(StoreFault.NotFound, failure.Fault);
        Assert.False(Tree.Has("b"));
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_copy_of_a_link_is_a_copy_of_what_it_shows()
    {
        // RFC 5842 2: a link is a second binding of the resource; a copy is a new resource.
        AddSource();
        Tree.AddFile("target/file", "shown");
        Directory.CreateSymbolicLink(Tree.At("a/dirlink"), "../target");
        File.CreateSymbolicLink(Tree.At("a/filelink"), "../target/file");
        File.CreateSymbolicLink(Tree.At("a/nowhere"), "../missing");

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Empty(Failures(steps));
        Assert.Equal(
            ["1=first", "d/", "d/1=one", "d/2=two", "dirlink/", "dirlink/file=shown", "e/", "e/1=eins", "filelink=shown"],
            Tree.List("b"));
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_loop_of_links_ends_with_508_and_the_rest_is_copied()
    {
        AddSource();
        Directory.CreateSymbolicLink(Tree.At("a/d/loop"), "..");

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(["508 /a/d/loop/"], Failures(steps)); // RFC 5842 7.2
        Assert.Equal(["1=first", "d/", "d/1=one", "d/2=two", "d/loop/", "e/", "e/1=eins"], Tree.List("b"));
    }

    [Theory]
    [InlineData(StoreCall.StagedCopyFile, "/a/d/2")]
    [InlineData(StoreCall.StagedCopyChunk, "/a/e/1")]
    [InlineData(StoreCall.List, "/a/d")]
    [InlineData(StoreCall.StagedPublish, "/b")]
    public async Task A_copy_that_is_cancelled_leaves_everything_as_it_was(StoreCall call, string path)
    {
        AddSource();
        Tree.AddFile("b/old", "old");
        IReadOnlyList<string> before = Tree.List();
        using CancellationTokenSource cancel = new();
        _bench.Store.Before(call, path, cancel.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.CopyAsync("/a", "/b", cancellation: cancel.Token));

        Assert.Equal(before, Tree.List());
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_wide_and_deep_tree_is_copied_level_by_level()
    {
        for (int i = 0; i < 20; i++)
        {
            Tree.AddFile($"a/{i}/x/{i}/file", "x");
        }

        await _bench.CopyAsync("/a", "/b");

        Assert.Equal(4, _bench.Store.MostOpenListings); // a, i, x, i
        Assert.Equal(Tree.List("a"), Tree.List("b"));
        _bench.AssertClean();
    }

    [Fact]
    public async Task Whether_a_missing_member_is_there_need_not_be_known_to_end_well()
    {
        // Its properties are kept if it cannot be told that it is missing: a copy that is published is not a failed one.
        AddSource();
        await _bench.SetPropertyAsync("/a/d/1");
        _bench.Store.Fail(StoreCall.StagedCopyFile, "/a/d/1", StoreFault.Denied);
        _bench.Store.Fail(StoreCall.Find, "/b/d/1", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.CopyAsync("/a", "/b");

        Assert.Equal(["403 /a/d/1"], Failures(steps));
        Assert.Equal(["/a/d/1", "/b/d/1"], await _bench.WithPropertiesAsync());
    }

    private void AddSource()
    {
        Tree.AddFile("a/1", "first");
        Tree.AddFile("a/d/1", "one");
        Tree.AddFile("a/d/2", "two");
        Tree.AddFile("a/e/1", "eins");
    }
}
