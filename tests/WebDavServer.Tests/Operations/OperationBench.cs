using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Locking;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;
using WebDavServer.Tests.Trees;

namespace WebDavServer.Tests.Operations;

/// <summary>A registry without a server, over operations that a test takes from step to step.</summary>
internal sealed class OperationBench : IAsyncDisposable
{
    private readonly TreeBench _trees = new();

    public OperationBench(OperationOptions? options = null)
    {
        options ??= new OperationOptions();
        _trees.Tree.AddFile("a/f", "content");
        Leases = new WriteLeases(Time);
        Workers workers = new(Time);
        Registry = new OperationRegistry(
            new OperationRunner(
                workers,
                new TreeCount(_trees.Store, workers, Time, NullLogger<TreeCount>.Instance),
                Log,
                new NoOtherServers(),
                options,
                Time,
                NullLogger<OperationRunner>.Instance),
            options, Leases, _trees.Locks, new NoOtherServers(), Time, NullLogger<OperationRegistry>.Instance);
    }

    public static OperationKey Key { get; } = new("alice", "COPY", DavPath.Of("a"), DavPath.Of("b"), Depth.Infinity, Overwrite: true);

    public ManualTime Time { get; } = new();

    public RecordedOperations Log { get; } = new();

    public WriteLeases Leases { get; }

    public OperationRegistry Registry { get; }

    public FaultyStore Store => _trees.Store;

    /// <summary>A plan of one resource, which ends when the test says so, with 201.</summary>
    public async Task<OperationPlan> PlanAsync(Func<TreeControl, IAsyncEnumerable<TreeEvent>> steps) => new(
        await Leases.AcquireAsync([new LeaseClaim(DavPath.Of("b"), LeaseKind.Tree)], CancellationToken.None),
        await _trees.EntryAsync("/a"),
        steps,
        outcome => ValueTask.FromResult(outcome.ToResult(success: 201)));

    /// <summary>Starts an operation that does these steps.</summary>
    public async Task<Operation> StartAsync(Func<TreeControl, IAsyncEnumerable<TreeEvent>> steps, OperationKey? key = null)
    {
        OperationPlan plan = await PlanAsync(steps);
        OperationTicket<string> ticket = await Registry.StartOrJoinAsync<string>(
            key ?? Key, () => ValueTask.FromResult<(OperationPlan?, string?)>((plan, null)), CancellationToken.None);
        Assert.Null(ticket.Refusal);
        return ticket.Operation!;
    }

    /// <summary>Sends the same request again; it is refused with "asked" if it does not join.</summary>
    public ValueTask<OperationTicket<string>> StartOrJoinAsync() => Registry.StartOrJoinAsync<string>(
        Key, () => ValueTask.FromResult<(OperationPlan?, string?)>((null, "asked")), CancellationToken.None);

    /// <summary>One step that comes when the test lets it.</summary>
    public static Func<TreeControl, IAsyncEnumerable<TreeEvent>> Step(Stall stall) => control => StepsAsync(stall, control.Stopping);

    /// <summary>As many steps.</summary>
    public static Func<TreeControl, IAsyncEnumerable<TreeEvent>> Steps(int count, Action<int>? before = null) => control => CountAsync(count, before, control.Stopping);

    public ValueTask DisposeAsync() => _trees.DisposeAsync();

    private static async IAsyncEnumerable<TreeEvent> StepsAsync(Stall stall, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await stall.StandAsync(cancellation);
        yield return TreeEvent.Done(DavPath.Of("a"));
    }

    private static async IAsyncEnumerable<TreeEvent> CountAsync(int count, Action<int>? before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            before?.Invoke(i);
            await Task.Yield();
            yield return TreeEvent.Done(DavPath.Of("a", $"{i}"));
        }
    }
}
