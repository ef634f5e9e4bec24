using WebDav.Scheduling;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Scheduling;

/// <summary>Long work holds few threads, and they go round.</summary>
public sealed class WorkersTests
{
    private const ulong Disk = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task However_much_work_there_is_only_so_much_of_it_holds_a_thread()
    {
        Workers workers = new(_time, count: 2);
        using CountdownEvent begun = new(2);
        using ManualResetEventSlim disk = new();
        int now = 0, most = 0;
        Task<bool>[] all = [.. Enumerable.Range(0, 12).Select(_ => workers.RunAsync(Disk, WorkAsync, CancellationToken.None))];

        Assert.True(await Task.Run(() => begun.Wait(Patience)));
        disk.Set();
        await Task.WhenAll(all).WaitAsync(Patience);

        Assert.Equal(2, most);

        Task<bool> WorkAsync()
        {
            int mine = Interlocked.Increment(ref now);
            for (int seen = most; mine > seen; seen = most)
            {
                Interlocked.CompareExchange(ref most, mine, seen);
            }

            if (!disk.IsSet)
            {
                begun.Signal();
            }

            Assert.True(disk.Wait(Patience));
            Interlocked.Decrement(ref now);
            return Task.FromResult(true);
        }
    }

    [Fact]
    public async Task Work_that_waits_holds_no_worker_and_comes_back_to_one()
    {
        Workers workers = new(_time, count: 1);
        TaskCompletionSource client = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> waiting = workers.RunAsync(
            Disk,
            async () =>
            {
                TaskScheduler before = TaskScheduler.Current;
                await client.Task;
                return before != TaskScheduler.Default && TaskScheduler.Current == before;
            },
            CancellationToken.None);

        Assert.True(await workers.RunAsync(Disk, () => Task.FromResult(true), CancellationToken.None).WaitAsync(Patience));
        Assert.False(waiting.IsCompleted);
        client.SetResult();

        Assert.True(await waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task Those_that_are_at_work_take_turns()
    {
        Workers workers = new(_time, count: 1);
        List<string> steps = [];

        // From within, so that both are there before one of them begins.
        (Task<bool> a, Task<bool> b) = await workers.RunAsync(
            Disk,
            () => Task.FromResult((workers.RunAsync(Disk, () => StepAsync("a"), default), workers.RunAsync(Disk, () => StepAsync("b"), default))),
            CancellationToken.None);
        await Task.WhenAll(a, b).WaitAsync(Patience);

        Assert.Equal(["a", "a", "b", "b", "a", "a", "b", "b"], steps);

        async Task<bool> StepAsync(string name)
        {
            Turn turn = workers.BeginTurn();
            for (int i = 0; i < 4; i++)
            {
                steps.Add(name);
                _time.Advance(TimeSpan.FromMilliseconds(3));
                await turn.StepAsync();
            }

            return true;
        }
    }

    [Fact]
    public async Task Work_that_is_cancelled_before_its_first_turn_never_begins()
    {
        Workers workers = new(_time, count: 1);
        using CancellationTokenSource cancelled = new();
        using ManualResetEventSlim disk = new();
        bool begun = false;
        Task<bool> stuck = workers.RunAsync(Disk, () => Task.FromResult(disk.Wait(Patience)), CancellationToken.None);
        Task<bool> waiting = workers.RunAsync(Disk, () => Task.FromResult(begun = true), cancelled.Token);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => workers.RunAsync(Disk, () => Task.FromResult(begun = true), cancelled.Token));
        disk.Set();

        Assert.True(await stuck);
        Assert.False(begun);
    }

    [Fact]
    public async Task A_file_system_that_hangs_does_not_stop_another()
    {
        Workers workers = new(_time, count: 1);
        using ManualResetEventSlim disk = new();
        Task<bool> stuck = workers.RunAsync(Disk, () => Task.FromResult(disk.Wait(Patience)), CancellationToken.None);

        Assert.True(await workers.RunAsync(Disk + 1, () => Task.FromResult(true), CancellationToken.None).WaitAsync(Patience));
        disk.Set();

        Assert.True(await stuck);
    }
}
