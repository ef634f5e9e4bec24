using WebDav.Locking;
using WebDav.Protocol;

namespace WebDavServer.Tests.Locking;

/// <summary>Keeps locks in memory, and fails or waits where a test says so.</summary>
internal sealed class MemoryLockStore : ILockStore
{
    private readonly Dictionary<LockToken, ActiveLock> _kept = [];

    /// <summary>What is kept, ordered by root.</summary>
    public IReadOnlyList<ActiveLock> Kept => [.. _kept.Values.OrderBy(active => active.Root)];

    /// <summary>Whether every write fails.</summary>
    public bool Fails { get; set; }

    /// <summary>Runs after a lock was kept and before the table is told so.</summary>
    public Func<ValueTask>? AfterSave { get; set; }

    /// <summary>Runs after locks were forgotten and before the table is told so.</summary>
    public Func<ValueTask>? AfterDelete { get; set; }

    /// <summary>Keeps locks without anything being told of it, as an earlier server did.</summary>
    public void Add(params ReadOnlySpan<ActiveLock> locks)
    {
        foreach (var active in locks)
        {
            _kept[active.Token] = active;
        }
    }

    public ValueTask<IReadOnlyList<ActiveLock>> LoadAsync(CancellationToken cancellation) => ValueTask.FromResult(Kept);

    public async ValueTask SaveAsync(ActiveLock active, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        FailIfTold();
        _kept[active.Token] = active;
        await Run(AfterSave);
    }

    public async ValueTask RefreshAsync(ActiveLock active, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        FailIfTold();
        if (_kept.ContainsKey(active.Token))
        {
            _kept[active.Token] = active;
        }

        await Run(AfterSave);
    }

    public ValueTask ForgetAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation) => DeleteAsync(tokens, cancellation);

    public async ValueTask DeleteAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        FailIfTold();
        foreach (var token in tokens)
        {
            _kept.Remove(token);
        }

        await Run(AfterDelete);
    }

    private static ValueTask Run(Func<ValueTask>? hook) => hook?.Invoke() ?? ValueTask.CompletedTask;

    private void FailIfTold()
    {
        if (Fails)
        {
            throw new IOException("the disk is full");
        }
    }
}
