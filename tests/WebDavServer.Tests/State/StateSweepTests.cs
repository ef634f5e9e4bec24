using WebDav.Locking;
using WebDav.Protocol;
using WebDav.State;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State;

public sealed class StateSweepTests : IAsyncLifetime
{
    private readonly StateDirectory _directory = new();
    private readonly List<string> _asked = [];
    private StateDatabase _database = null!;
    private StoredProperties _properties = null!;
    private StoredLocks _locks = null!;
    private StateSweep _sweep = null!;

    public ValueTask InitializeAsync()
    {
        _database = _directory.Open();
        _properties = new StoredProperties(_database);
        _locks = new StoredLocks(_database);
        _sweep = new StateSweep(_database, new TransferIntents(_database, _directory), _directory, _directory);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task State_of_what_is_gone_goes_and_the_rest_stays()
    {
        foreach (var path in new[] { "", "/here", "/here/gone", "/gone", "/gone/too", "/gone%_'" })
        {
            await _properties.ApplyAsync(At(path), [Set("x"), Set("y")], Cancellation);
            await LockAsync(path, TimeSpan.FromHours(1));
        }

        var report = await SweepAsync(path => !path.Contains("gone", StringComparison.Ordinal));

        Assert.Equal(new SweepReport(Properties: 8, Locks: 4, Expired: 0), report);
        Assert.Equal(4, _database.PropertyRows);
        Assert.Equal(["", "/here"], (await _locks.LoadAsync(Cancellation)).Select(active => active.Root.Value));
        Assert.Contains("8 dead properties and 4 locks", Assert.Single(_directory.Logged).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collections_without_properties_go()
    {
        await _properties.ApplyAsync(At("/here/gone"), [Set("x")], Cancellation);
        await _properties.ApplyAsync(At("/stays"), [Set("x")], Cancellation);

        await SweepAsync(path => path != "/here/gone");

        Assert.Equal(
            "",
            await _database.ReadAsync(
                DavPath.Root, session => StateSchema.Scalar(session.Connection, "SELECT group_concat(path) FROM collection"), Cancellation));
    }

    [Fact]
    public async Task Locks_that_have_expired_go()
    {
        await LockAsync("/a", TimeSpan.Zero);
        await LockAsync("/b", TimeSpan.FromDays(-1));
        await LockAsync("/c", TimeSpan.FromMilliseconds(1));

        Assert.Equal(new SweepReport(0, 0, 2), await SweepAsync(_ => true));
        Assert.Equal("/c", Assert.Single(await _locks.LoadAsync(Cancellation)).Root.Value);
    }

    [Fact]
    public async Task Every_resource_is_asked_for_once_however_many_there_are()
    {
        var paths = Enumerable.Range(0, 1203).Select(i => $"/{i % 7}/{i}").ToArray();
        await Task.WhenAll(paths.Select(path => _properties.ApplyAsync(At(path), [Set("x"), Set("y")], Cancellation).AsTask()));

        var report = await SweepAsync(path => path.Length != 4);

        Assert.Equal(paths.Append("").Order(), _asked.Order());
        Assert.Equal(paths.Count(path => path.Length == 4) * 2, report.Properties);
        Assert.Equal(paths.Count(path => path.Length != 4) * 2, _database.PropertyRows);
    }

    [Fact]
    public async Task Nothing_is_forgotten_when_the_root_itself_is_missing()
    {
        await _properties.ApplyAsync(At("/a"), [Set("x")], Cancellation);

        Assert.Equal(new SweepReport(0, 0, 0), await SweepAsync(_ => false));
        Assert.Equal(1, _database.PropertyRows);
        Assert.Single(_directory.Logged);
    }

    [Fact]
    public async Task A_resource_that_cannot_be_asked_for_keeps_its_state()
    {
        await _properties.ApplyAsync(At("/a"), [Set("x")], Cancellation);

        await Assert.ThrowsAsync<IOException>(async () => await SweepAsync(path => path.Length == 0 ? true : throw new IOException("unreadable")));
        Assert.Equal(1, _database.PropertyRows);
    }

    [Fact]
    public async Task The_sweep_waits_for_moves_to_be_settled()
    {
        await new TransferIntents(_database, _directory).BeginAsync(TransferKind.Move, At("/a"), At("/b"), "", null, Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await SweepAsync(_ => true));
    }

    private ValueTask<SweepReport> SweepAsync(Func<string, bool> exists) => _sweep.RunAsync(
        (path, _) =>
        {
            _asked.Add(path.Value);
            return ValueTask.FromResult(exists(path.Value));
        },
        Cancellation);

    private async Task LockAsync(string root, TimeSpan left) => await _locks.SaveAsync(
        new ActiveLock(LockToken.New(), At(root), LockScope.Exclusive, Depth.Zero, null, null, TimeSpan.FromHours(1), _directory.Now + left),
        Cancellation);
}
