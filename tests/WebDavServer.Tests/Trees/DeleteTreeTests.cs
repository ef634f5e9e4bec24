using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Trees.TreeBench;

namespace WebDavServer.Tests.Trees;

/// <summary>RFC 4918 9.6.1: what cannot be removed stays, with the collections above it; everything else goes.</summary>
public sealed class DeleteTreeTests : IAsyncLifetime
{
    private readonly TreeBench _bench = new();

    private TempTree Tree => _bench.Tree;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_tree_goes_with_its_properties_and_locks()
    {
        // RFC 4918 9.6: "MUST destroy locks rooted on a deleted resource"
        AddTree();
        await _bench.MarkAsync("/a", "/a/d/1", "/other");

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Equal(["other=kept"], Tree.List());
        Assert.Equal(["/a", "/a/1", "/a/d", "/a/d/1", "/a/d/2", "/a/e", "/a/e/1"], Done(steps));
        Assert.Equal(["/other"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/other"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task What_stays_keeps_the_collections_above_it_and_no_more()
    {
        AddTree();
        await _bench.MarkAsync("/a", "/a/1", "/a/d", "/a/d/1", "/a/d/2", "/a/e", "/a/e/1");
        _bench.Store.Fail(StoreCall.Remove, "/a/d/1", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Equal(["403 /a/d/1"], Failures(steps)); // no 424 for those above it
        Assert.Equal(["d/", "d/1=one"], Tree.List("a"));
        Assert.Equal(["/a/1", "/a/d/2", "/a/e", "/a/e/1"], Done(steps));
        Assert.Equal(["/a", "/a/d", "/a/d/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a", "/a/d", "/a/d/1"], _bench.Locked());
        Assert.Equal(0, _bench.Store.Count(StoreCall.Remove, "/a/d"));
        Assert.Equal(0, _bench.Store.Count(StoreCall.Remove, "/a"));
    }

    [Fact]
    public async Task A_collection_that_cannot_be_listed_stays_and_its_siblings_go()
    {
        AddTree();
        await _bench.MarkAsync("/a/d/1", "/a/e/1");
        _bench.Store.Fail(StoreCall.List, "/a/d", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Equal(["403 /a/d/"], Failures(steps));
        Assert.Equal(["d/", "d/1=one", "d/2=two"], Tree.List("a"));
        Assert.Equal(["/a/d/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a/d/1"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task What_cannot_be_seen_is_not_taken_for_removed()
    {
        // A collection that may not be entered: neither listed nor looked into.
        AddTree();
        await _bench.MarkAsync("/a/d/1", "/a/e/1");
        _bench.Store.Fail(StoreCall.List, "/a/d", StoreFault.Denied);
        _bench.Store.Fail(StoreCall.Find, "/a/d/1", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Equal(["403 /a/d/"], Failures(steps));
        Assert.Equal(["/a/d/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a/d/1"], _bench.Locked());
    }

    [Fact]
    public async Task A_collection_that_itself_cannot_be_removed_is_told()
    {
        AddTree();
        _bench.Store.Fail(StoreCall.Remove, "/a/d", StoreFault.Busy);

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Equal(["503 /a/d/"], Failures(steps));
        Assert.Equal(["d/"], Tree.List("a"));
    }

    [Theory]
    [InlineData("/a/1")]
    [InlineData("/a")]
    public async Task The_resources_own_failure_is_the_requests(string path)
    {
        AddTree();
        _bench.Store.Fail(StoreCall.Remove, path, StoreFault.Denied);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => _bench.DeleteAsync(path));

        Assert.Equal((StoreFault.Denied, path), (failure.Fault, failure.Path.Value));
        Assert.True(Tree.Has(path[1..]));
    }

    [Fact]
    public async Task What_went_is_forgotten_also_if_the_resource_itself_stays()
    {
        AddTree();
        await _bench.MarkAsync("/a", "/a/1", "/a/d/1");
        _bench.Store.Fail(StoreCall.Remove, "/a", StoreFault.Denied);

        await Assert.ThrowsAsync<StoreException>(() => _bench.DeleteAsync("/a"));

        Assert.Empty(Tree.List("a"));
        Assert.Equal(["/a"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a"], _bench.Locked());
    }

    [Fact]
    public async Task What_went_is_forgotten_also_if_its_removal_failed_after_it()
    {
        // As where the name is gone and the disk cannot flush that.
        Tree.AddFile("a");
        await _bench.MarkAsync("/a");
        _bench.Store.On(StoreCall.Remove, "/a", (at, _) =>
        {
            File.Delete(Tree.At("a"));
            throw new StoreException(StoreFault.InputOutput, at, "as the test asked");
        });

        await Assert.ThrowsAsync<StoreException>(() => _bench.DeleteAsync("/a"));

        Assert.Empty(await _bench.WithPropertiesAsync());
        Assert.Empty(_bench.Locked());
    }

    [Fact]
    public async Task What_went_is_forgotten_also_if_it_is_cancelled()
    {
        Tree.AddFile("a/1/x");
        Tree.AddFile("a/2/x");
        await _bench.MarkAsync("/a/1", "/a/1/x", "/a/2", "/a/2/x");
        using CancellationTokenSource cancel = new();
        string? kept = null;
        foreach (string first in new[] { "1", "2" })
        {
            // After one of the two, whichever comes first.
            _bench.Store.On(StoreCall.Remove, $"/a/{first}", (_, _) =>
            {
                if (!Tree.Has("a/1") || !Tree.Has("a/2"))
                {
                    kept = first;
                    cancel.Cancel();
                }

                return Task.CompletedTask;
            });
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.DeleteAsync("/a", cancel.Token));

        Assert.Equal([$"/a/{kept}"], await _bench.WithPropertiesAsync());
        Assert.Equal([$"/a/{kept}"], _bench.Locked());
        _bench.AssertClean();
    }

    [Fact]
    public async Task Members_that_vanish_meanwhile_are_gone_as_was_asked()
    {
        AddTree();
        _bench.Store.Before(StoreCall.Remove, "/a/d/1", () => File.Delete(Tree.At("a/d/1")));
        _bench.Store.Before(StoreCall.List, "/a/e", () => Directory.Delete(Tree.At("a/e"), recursive: true));

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Empty(Failures(steps));
        Assert.False(Tree.Has("a"));
    }

    [Fact]
    public async Task The_resource_itself_may_vanish_too()
    {
        AddTree();
        await _bench.MarkAsync("/a");
        _bench.Store.Before(StoreCall.List, "/a", () => Directory.Delete(Tree.At("a"), recursive: true));

        Assert.Empty(Failures(await _bench.DeleteAsync("/a")));

        Assert.Empty(_bench.Locked());
        Assert.Empty(await _bench.WithPropertiesAsync());
    }

    [Fact]
    public async Task Members_that_are_added_meanwhile_go_too()
    {
        AddTree();
        _bench.Store.Before(StoreCall.Remove, "/a/d", () => Tree.AddFile("a/d/late/file"));

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Empty(Failures(steps));
        Assert.Contains("/a/d/late/file", Done(steps));
        Assert.False(Tree.Has("a"));
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_member_that_was_added_meanwhile_and_cannot_go_is_told()
    {
        AddTree();
        await _bench.MarkAsync("/a/1", "/a/d");
        _bench.Store.Before(StoreCall.Remove, "/a/d", () => Tree.AddFile("a/d/late", "late"));
        _bench.Store.Fail(StoreCall.Remove, "/a/d/late", StoreFault.Denied);

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Equal(["403 /a/d/late"], Failures(steps));
        Assert.Equal(["d/", "d/late=late"], Tree.List("a"));
        Assert.Equal(["/a/d"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a/d"], _bench.Locked());
    }

    [Fact]
    public async Task Members_that_are_added_again_and_again_do_not_hold_it_for_ever()
    {
        AddTree();
        _bench.Store.On(StoreCall.Remove, "/a/d", (_, _) =>
        {
            Tree.AddFile("a/d/late");
            return Task.CompletedTask;
        });

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Equal(["409 /a/d/"], Failures(steps));
        Assert.Equal(["d/", "d/late="], Tree.List("a"));
    }

    [Fact]
    public async Task A_link_goes_and_never_what_it_leads_to()
    {
        AddTree();
        Tree.AddFile("outside/file", "precious");
        Directory.CreateSymbolicLink(Tree.At("a/d/link"), "../../outside");
        Directory.CreateSymbolicLink(Tree.At("a/d/loop"), "..");
        File.CreateSymbolicLink(Tree.At("a/filelink"), "../outside/file");
        File.CreateSymbolicLink(Tree.At("a/nowhere"), "../missing");

        IReadOnlyList<TreeEvent> steps = await _bench.DeleteAsync("/a");

        Assert.Empty(Failures(steps));
        Assert.Equal(["other=kept", "outside/", "outside/file=precious"], Tree.List());
    }

    [Fact]
    public async Task A_link_that_is_named_itself_goes_alone()
    {
        Tree.AddFile("outside/file", "precious");
        Directory.CreateSymbolicLink(Tree.At("link"), "outside");

        await _bench.DeleteAsync("/link");

        Assert.Equal(["outside/", "outside/file=precious"], Tree.List());
        Assert.Equal(0, _bench.Store.Count(StoreCall.List));
    }

    private void AddTree()
    {
        Tree.AddFile("a/1", "first");
        Tree.AddFile("a/d/1", "one");
        Tree.AddFile("a/d/2", "two");
        Tree.AddFile("a/e/1", "eins");
        Tree.AddFile("other", "kept");
    }
}
