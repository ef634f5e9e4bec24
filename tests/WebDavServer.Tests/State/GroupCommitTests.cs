using WebDav.Protocol;
using WebDav.State;
using WebDav.Storage;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State;

public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly StateDirectory _directory = new();
    private StateDatabase _database = null!;
    private StoredProperties _properties = null!;

    public ValueTask InitializeAsync()
    {
        _database = _directory.Open();
        _properties = new StoredProperties(_database);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Writes_that_wait_together_share_a_commit_and_a_failing_one_fails_alone()
    {
        var (gate, first) = await HoldWriterAsync();
        var before = _database.Commits;
        var good = Enumerable.Range(0, 20).Select(i => SetAsync($"/{i}")).ToArray();
        var failing = _database.WriteAsync(DavPath.Root, FailHalfway, Cancellation).AsTask();
        var after = SetAsync("/after");

        gate.Set();
        await Task.WhenAll([first, after, .. good]);

        var failure = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => failing);
        Assert.Equal("halfway", failure.Message);
        Assert.Equal(2, _database.Commits - before); // the one that was held, and one for all others
        Assert.Equal(21, _database.PropertyRows);
        Assert.Empty(await _properties.ReadAsync(At("/half"), Cancellation));
        Assert.Single(await _properties.ReadAsync(At("/after"), Cancellation));
    }

    [Fact]
    public async Task A_write_that_was_cancelled_while_it_waited_is_not_done()
    {
        var (gate, first) = await HoldWriterAsync();
        using var source = new CancellationTokenSource();
        var waiting = _properties.ApplyAsync(At("/cancelled"), [Set("x")], source.Token).AsTask();
        var other = SetAsync("/other");

        await source.CancelAsync();
        gate.Set();
        await Task.WhenAll(first, other);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Empty(await _properties.ReadAsync(At("/cancelled"), Cancellation));
        Assert.Equal(1, _database.PropertyRows);
    }

    [Fact]
    public async Task Readers_do_not_wait_for_the_writer_and_see_what_is_committed()
    {
        await SetAsync("/a");
        var (gate, first) = await HoldWriterAsync();
        var write = SetAsync("/b");

        Assert.Single(await _properties.ReadAsync(At("/a"), Cancellation));
        Assert.Empty(await _properties.ReadAsync(At("/b"), Cancellation));

        gate.Set();
        await Task.WhenAll(first, write);
        Assert.Single(await _properties.ReadAsync(At("/b"), Cancellation));
    }

    [Fact]
    public async Task Sixteen_writers_at_once_lose_nothing_and_read_what_they_wrote()
    {
        var before = _database.Commits;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 16),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
            async (writer, cancellation) =>
            {
                for (var i = 0; i < 100; i++)
                {
                    var path = At($"/w{writer}/{i}");
                    await _properties.ApplyAsync(path, [Set("x", $"{writer}-{i}"), Set("y")], cancellation);
                    Assert.Equal(Property("x", $"{writer}-{i}"), (await _properties.ReadAsync(path, cancellation))[0]);
                }

                await MoveAsync(_database, At($"/w{writer}"), At($"/m{writer}"));
            });

        Assert.Equal(16 * 100 * 2, _database.PropertyRows);
        for (var writer = 0; writer < 16; writer++)
        {
            Assert.Equal(100, (await _properties.ReadMembersAsync(At($"/m{writer}"), Cancellation)).Count);
        }

        Assert.InRange(_database.Commits - before, 1, 16 * 102);
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such_and_what_was_there_stays()
    {
        await SetAsync("/a");
        await LimitAsync(20);
        var large = new string('x', 1 << 20);

        var fault = await Assert.ThrowsAsync<StoreException>(
            async () => await _properties.ApplyAsync(At("/large"), [Set("x", large)], Cancellation));

        Assert.Equal((StoreFault.NoSpace, At("/large")), (fault.Fault, fault.Path));
        Assert.Equal(1, _database.PropertyRows);
        await LimitAsync(100_000);
        await _properties.ApplyAsync(At("/large"), [Set("x", large)], Cancellation);
        Assert.Equal([Property("x", large)], await _properties.ReadAsync(At("/large"), Cancellation));
    }

    [Fact]
    public async Task A_closed_database_refuses_and_has_written_what_was_waiting()
    {
        var (gate, first) = await HoldWriterAsync();
        var waiting = SetAsync("/waiting");
        var closing = _database.DisposeAsync();
        gate.Set();
        await closing;
        await Task.WhenAll(first, waiting);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => SetAsync("/late"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _properties.ReadAsync(At("/waiting"), Cancellation));
        await using var again = _directory.Open();
        Assert.Equal(1, again.PropertyRows);
    }

    private static void FailHalfway(StateSession session)
    {
        PropertyRows.Apply(session, At("/half"), [Set("x")]);
        throw new InvalidTimeZoneException("halfway");
    }

    private Task SetAsync(string path) => _properties.ApplyAsync(At(path), [Set("x")], Cancellation).AsTask();

    private Task LimitAsync(int pages) => _database.WriteAsync(
        DavPath.Root,
        session => StateSchema.Execute(session.Connection, $"PRAGMA max_page_count = {pages}"),
        Cancellation).AsTask();

    /// <summary>Keeps the writer busy until the gate is set, so that what is asked of it meanwhile waits together.</summary>
    private async Task<(ManualResetEventSlim Gate, Task First)> HoldWriterAsync()
    {
        var gate = new ManualResetEventSlim();
        var running = new TaskCompletionSource();
        var first = Task.Run(
            () => _database.WriteAsync(
                DavPath.Root,
                _ =>
                {
                    running.SetResult();
                    gate.Wait(Cancellation);
                },
                Cancellation).AsTask(),
            Cancellation);
        await running.Task;
        return (gate, first);
    }
}
