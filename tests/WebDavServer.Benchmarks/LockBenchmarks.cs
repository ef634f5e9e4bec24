using BenchmarkDotNet.Attributes;
using WebDav.Locking;
using WebDav.Protocol;

namespace WebDavServer.Benchmarks;

/// <summary>The lock table with a number of locks in it, without the database behind it.</summary>
public class LockBenchmarks
{
    private static readonly DavPath s_free = DavPath.Of("dir", "sub", "free");
    private LockTable _table = null!;

    [Params(0, 1000, 10_000)]
    public int Locks { get; set; }

    [GlobalSetup]
    public async Task FillAsync()
    {
        _table = new LockTable(new NoStore(), new LockOptions { MaximumPerUser = 100_000 }, TimeProvider.System);
        for (var i = 0; i < Locks; i++)
        {
            await GrantAsync(DavPath.Of("dir", "sub", $"file {i}"));
        }
    }

    [Benchmark]
    public int Covering() => _table.Covering(s_free).Count;

    [Benchmark]
    public int ConflictsOfATree() => _table.Conflicts(DavPath.Of("other"), LockScope.Exclusive, Depth.Infinity).Count;

    [Benchmark]
    public async Task GrantAndRelease() => await _table.ReleaseAsync((await GrantAsync(s_free)).Token, CancellationToken.None);

    private async Task<ActiveLock> GrantAsync(DavPath path)
    {
        var (place, _) = await _table.ReserveAsync(principal: null, CancellationToken.None);
        return await _table.GrantAsync(
            new LockRequest(path, LockScope.Exclusive, Depth.Zero, Owner: null, Principal: null, []), place!, CancellationToken.None);
    }

    private sealed class NoStore : ILockStore
    {
        public ValueTask<IReadOnlyList<ActiveLock>> LoadAsync(CancellationToken cancellation) => ValueTask.FromResult<IReadOnlyList<ActiveLock>>([]);

        public ValueTask SaveAsync(ActiveLock active, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask RefreshAsync(ActiveLock active, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ForgetAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DeleteAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
