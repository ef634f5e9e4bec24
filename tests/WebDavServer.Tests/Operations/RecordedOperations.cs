using System.Collections.Concurrent;
using WebDav.Operations;

namespace WebDavServer.Tests.Operations;

/// <summary>A log of operations that a test can look into, and can make fail.</summary>
internal sealed class RecordedOperations : IOperationLog
{
    private readonly ConcurrentQueue<OperationRecord> _saved = new();

    /// <summary>What was saved, in order.</summary>
    public IReadOnlyList<OperationRecord> Saved => [.. _saved];

    /// <summary>What is done before each record is saved; it may throw.</summary>
    public Func<OperationRecord, Task> Saving { get; set; } = _ => Task.CompletedTask;

    public async ValueTask<OperationCommand?> SaveAsync(OperationRecord record, DateTimeOffset forgetBefore, CancellationToken cancellation)
    {
        await Saving(record);
        _saved.Enqueue(record);
        return null;
    }

    public ValueTask<OperationRecord?> FindAsync(Guid id, DateTimeOffset since, CancellationToken cancellation) =>
        ValueTask.FromResult(_saved.LastOrDefault(record => record.Id == id));

    public ValueTask<IReadOnlyList<OperationRecord>> ListAsync(string? user, DateTimeOffset since, int most, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<OperationRecord>>([.. _saved]);

    public ValueTask InterruptAsync(string? server, DateTimeOffset now, CancellationToken cancellation) => ValueTask.CompletedTask;
}
