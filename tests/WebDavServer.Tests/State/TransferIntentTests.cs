using WebDav.Locking;
using WebDav.Protocol;
using WebDav.State;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State;

public sealed class TransferIntentTests : IAsyncLifetime
{
    private readonly StateDirectory _directory = new();
    private StateDatabase _database = null!;
    private StoredProperties _properties = null!;
    private StoredLocks _locks = null!;
    private TransferIntents _intents = null!;

    public ValueTask InitializeAsync()
    {
        _database = _directory.Open();
        _properties = new StoredProperties(_database);
        _locks = new StoredLocks(_database);
        _intents = new TransferIntents(_database, _directory);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_completed_move_takes_the_properties_along_and_the_locks_away_in_one_commit()
    {
        await _properties.ApplyAsync(At("/a/x"), [Set("p")], Cancellation);
        await _properties.ApplyAsync(At("/b/old"), [Set("p")], Cancellation);
        var (source, replaced, other) = (await LockAsync("/a"), await LockAsync("/b/old"), await LockAsync("/c"));
        var id = await _intents.BeginAsync(TransferKind.Move, At("/a"), At("/b"), "dev1:ino2", null, Cancellation);
        var before = _database.Commits;

        await _intents.CompleteAsync(id, [source, replaced], Cancellation);

        Assert.Equal(1, _database.Commits - before);
        Assert.Single(await _properties.ReadAsync(At("/b/x"), Cancellation));
        Assert.Equal(1, _database.PropertyRows);
        Assert.Equal([other], (await _locks.LoadAsync(Cancellation)).Select(active => active.Token));
        Assert.Empty(await _intents.PendingAsync(server: null, Cancellation));
    }

    [Fact]
    public async Task An_intent_that_was_not_settled_is_found_after_a_restart_oldest_first()
    {
        var first = await _intents.BeginAsync(TransferKind.Move, At("/a"), At("/it's"), "one", "old", Cancellation);
        _directory.Now = _directory.Now.AddSeconds(1);
        var second = await _intents.BeginAsync(TransferKind.Move, At("/c"), At("/d"), "two", null, Cancellation);
        await _database.DisposeAsync();
        await InitializeAsync();

        Assert.Equal(
            [
                new TransferIntent(first, TransferKind.Move, At("/a"), At("/it's"), "one", "old", _directory.Now.AddSeconds(-1)),
                new TransferIntent(second, TransferKind.Move, At("/c"), At("/d"), "two", null, _directory.Now),
            ],
            await _intents.PendingAsync(server: null, Cancellation));

        await _intents.AbandonAsync(first, Cancellation);
        await _intents.AbandonAsync(first, Cancellation);
        await _intents.CompleteAsync(second, [], Cancellation);
        Assert.Empty(await _intents.PendingAsync(server: null, Cancellation));
    }

    [Fact]
    public async Task A_move_is_completed_once()
    {
        await _properties.ApplyAsync(At("/a"), [Set("p")], Cancellation);
        var id = await _intents.BeginAsync(TransferKind.Move, At("/a"), At("/b"), "", null, Cancellation);
        await _intents.CompleteAsync(id, [], Cancellation);
        var token = await LockAsync("/a");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _intents.CompleteAsync(id, [token], Cancellation));

        Assert.Single(await _properties.ReadAsync(At("/b"), Cancellation));
        Assert.Single(await _locks.LoadAsync(Cancellation));
    }

    [Fact]
    public async Task A_move_into_itself_is_not_begun()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await _intents.BeginAsync(TransferKind.Move, At("/a"), At("/a/b"), "", null, Cancellation));
        Assert.Empty(await _intents.PendingAsync(server: null, Cancellation));
    }

    private async Task<LockToken> LockAsync(string root)
    {
        var token = LockToken.New();
        await _locks.SaveAsync(
            new ActiveLock(token, At(root), LockScope.Exclusive, Depth.Zero, null, null, TimeSpan.FromHours(1), _directory.Now.AddHours(1)),
            Cancellation);
        return token;
    }
}
