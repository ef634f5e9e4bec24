using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Locking;
using WebDav.State;
using WebDav.Storage;
using WebDavServer.Tests.Support;
using WebDavServer.Tests.Trees;
using static WebDavServer.Tests.Trees.TreeBench;

namespace WebDavServer.Tests.State;

/// <summary>What the next start makes of a MOVE or COPY in the middle of which the server ended.</summary>
public sealed class TransferRecoveryTests : IAsyncLifetime
{
    private readonly TreeBench _bench = new();

    private TempTree Tree => _bench.Tree;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_move_that_had_not_begun_is_dropped()
    {
        Tree.AddFile("a/1", "new");
        Tree.AddFile("b", "old");
        await _bench.MarkAsync("/a/1", "/b");
        await NoteAsync();

        await RecoverAsync();

        Assert.Equal(["a/", "a/1=new", "b=old"], Tree.List());
        Assert.Equal(["/a/1", "/b"], await _bench.WithPropertiesAsync());
        Assert.Equal(2, (await _bench.LockStore.LoadAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_move_that_was_done_takes_its_properties_along_and_ends_its_locks()
    {
        Tree.AddFile("a/1", "new");
        await _bench.MarkAsync("/a", "/a/1");
        await NoteAsync();
        Directory.Move(Tree.At("a"), Tree.At("b"));

        await RecoverAsync();

        Assert.Equal(["/b", "/b/1"], await _bench.WithPropertiesAsync());
        Assert.Empty(await _bench.LockStore.LoadAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_an_exchange_left_at_the_source_is_removed(bool sourceIsFile, bool replacedIsFile)
    {
        Tree.AddFile(sourceIsFile ? "a" : "a/1", "new");
        Tree.AddFile(replacedIsFile ? "b" : "b/old", "old");
        await _bench.MarkAsync("/a");
        await NoteAsync();
        Exchange();

        await RecoverAsync();

        Assert.Equal(sourceIsFile ? ["b=new"] : ["b/", "b/1=new"], Tree.List());
        Assert.Equal(["/b"], await _bench.WithPropertiesAsync());
    }

    [Fact]
    public async Task An_exchange_is_noted_also_where_no_state_is_kept()
    {
        Tree.AddFile("a/1", "new");
        Tree.AddFile("b", "old");
        await NoteAsync();
        Exchange();

        await RecoverAsync();

        Assert.Equal(["b/", "b/1=new"], Tree.List());
    }

    [Fact]
    public async Task What_came_to_the_sources_name_since_is_kept_with_all_that_it_has()
    {
        Tree.AddFile("a/1", "moved");
        Tree.AddFile("b/old", "old");
        await NoteAsync();
        Exchange();
        Directory.Delete(Tree.At("a"), recursive: true);
        Tree.AddFile("a/2", "came since");
        await _bench.MarkAsync("/a/2");

        await RecoverAsync();

        Assert.Equal(["a/", "a/2=came since", "b/", "b/1=moved"], Tree.List());
        Assert.Equal(["/a/2"], await _bench.WithPropertiesAsync());
        Assert.Single(await _bench.LockStore.LoadAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_that_was_published_gets_the_properties_of_its_source_and_ends_the_locks_of_what_it_replaced(bool tree)
    {
        Tree.AddFile("a/1", "new");
        Tree.AddFile("b/1", "old");
        Tree.AddFile("b/2", "old");
        await _bench.MarkAsync("/a/1", "/b", "/b/2");
        await _bench.SetPropertyAsync("/a");
        Tree.AddFile("copy/1", "new");
        await NoteCopyAsync(tree);
        Directory.Delete(Tree.At("b"), recursive: true);
        Directory.Move(Tree.At("copy"), Tree.At("b"));

        await RecoverAsync();

        Assert.Equal(tree ? ["/a", "/a/1", "/b", "/b/1"] : ["/a", "/a/1", "/b"], await _bench.WithPropertiesAsync());
        Assert.Equal(["/a/1", "/b"], (await _bench.LockStore.LoadAsync(CancellationToken.None)).Select(active => active.Root.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_that_was_not_published_is_dropped(bool replaces)
    {
        Tree.AddFile("a/1", "new");
        if (replaces)
        {
            Tree.AddFile("b/1", "old");
            await _bench.MarkAsync("/b/1");
        }

        await _bench.SetPropertyAsync("/a/1");
        Tree.AddFile("copy/1", "new");
        await NoteCopyAsync(tree: true);

        await RecoverAsync();

        Assert.Equal(replaces ? ["/a/1", "/b/1"] : ["/a/1"], await _bench.WithPropertiesAsync());
        Assert.Equal(replaces ? 1 : 0, (await _bench.LockStore.LoadAsync(CancellationToken.None)).Count);
    }

    private async Task NoteCopyAsync(bool tree) => await _bench.Journal.BeginCopyAsync(
        At("/a"),
        At("/b"),
        (await _bench.EntryAsync("/copy")).Identity,
        tree,
        await _bench.Locks.EndedByCopyAsync(At("/b"), CancellationToken.None),
        CancellationToken.None);

    private async Task NoteAsync() => await _bench.Journal.BeginMoveAsync(
        await _bench.EntryAsync("/a"), At("/b"), await _bench.Store.FindAsync(At("/b"), CancellationToken.None), [], CancellationToken.None);

    private void Exchange()
    {
        Directory.Move(Tree.At("a"), Tree.At("x"));
        Directory.Move(Tree.At("b"), Tree.At("a"));
        Directory.Move(Tree.At("x"), Tree.At("b"));
    }

    private async Task RecoverAsync()
    {
        TransferRecovery recovery = new(
            _bench.Journal, _bench.Store, _bench.LockStore,
            _bench.Delete, NullLogger<TransferRecovery>.Instance);
        await recovery.RunAsync(server: null, CancellationToken.None);
        Assert.Empty(await _bench.Journal.PendingAsync(server: null, CancellationToken.None));
    }
}
