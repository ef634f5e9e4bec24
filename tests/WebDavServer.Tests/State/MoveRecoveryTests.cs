using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Locking;
using WebDav.State;
using WebDav.Storage;
using WebDavServer.Tests.Support;
using WebDavServer.Tests.Trees;
using static WebDavServer.Tests.Trees.TreeBench;

namespace WebDavServer.Tests.State;

/// <summary>What the next start makes of a MOVE in the middle of which the server ended.</summary>
public sealed class MoveRecoveryTests : IAsyncLifetime
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

    private async Task NoteAsync() => await _bench.Journal.BeginAsync(
        await _bench.EntryAsync("/a"), At("/b"), await _bench.Store.FindAsync(At("/b"), CancellationToken.None), [], CancellationToken.None);

    private void Exchange()
    {
        Directory.Move(Tree.At("a"), Tree.At("x"));
        Directory.Move(Tree.At("b"), Tree.At("a"));
        Directory.Move(Tree.At("x"), Tree.At("b"));
    }

    private async Task RecoverAsync()
    {
        MoveRecovery recovery = new(
            _bench.Journal, _bench.Store, _bench.LockStore,
            _bench.Delete, NullLogger<MoveRecovery>.Instance);
        await recovery.RunAsync(CancellationToken.None);
        Assert.Empty(await _bench.Journal.PendingAsync(CancellationToken.None));
    }
}
