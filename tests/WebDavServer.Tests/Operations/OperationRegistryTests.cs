using WebDav.Locking;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

public sealed class OperationRegistryTests : IAsyncDisposable
{
    private OperationBench _bench = new();

    public static TheoryData<string> OtherKeys => ["user", "anonymous", "method", "source", "destination", "depth", "overwrite", "variant"];

    public static TheoryData<string> Endings => ["done", "members failed", "store failed", "bug", "bug at the end", "cancelled", "interrupted", "log failed", "count failed"];

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Who_comes_while_the_same_request_is_being_checked_gets_the_operation_it_starts_even_if_that_is_over_and_told()
    {
        TaskCompletionSource check = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int admissions = 0;
        ValueTask<OperationTicket<string>> first = AskAsync();
        ValueTask<OperationTicket<string>> second = AskAsync();
        ValueTask<OperationTicket<string>> third = AskAsync();
        Assert.Equal((false, false), (second.IsCompleted, third.IsCompleted));

        check.SetResult();
        Operation started = (await first).Operation!;
        await started.Completion;
        _bench.Registry.Leave(started, told: true);

        Assert.Same(started, (await second).Operation);
        Assert.Same(started, (await third).Operation);
        Assert.Equal((1, 2), (admissions, started.Waiters));

        async ValueTask<(OperationPlan?, string?)> AdmitAsync()
        {
            admissions++;
            await check.Task;
            return (await _bench.PlanAsync(OperationBench.Steps(1)), null);
        }

        ValueTask<OperationTicket<string>> AskAsync() =>
            _bench.Registry.StartOrJoinAsync(OperationBench.Key, AdmitAsync, CancellationToken.None);
    }

    [Fact]
    public async Task Who_goes_away_while_the_same_request_is_being_checked_is_not_waited_for()
    {
        TaskCompletionSource check = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource gone = new();
        ValueTask<OperationTicket<string>> first = _bench.Registry.StartOrJoinAsync(OperationBench.Key, AdmitAsync, CancellationToken.None);
        ValueTask<OperationTicket<string>> second = _bench.Registry.StartOrJoinAsync(OperationBench.Key, AdmitAsync, gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.AsTask());
        check.SetResult();

        Assert.Equal(1, (await first).Operation!.Waiters);

        async ValueTask<(OperationPlan?, string?)> AdmitAsync()
        {
            await check.Task;
            return (await _bench.PlanAsync(OperationBench.Steps(1)), null);
        }
    }

    [Fact]
    public async Task Who_waited_for_a_request_that_is_refused_asks_for_itself()
    {
        TaskCompletionSource check = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask<OperationTicket<string>> first = _bench.Registry.StartOrJoinAsync<string>(
            OperationBench.Key,
            async () =>
            {
                await check.Task;
                return (null, "no");
            },
            CancellationToken.None);
        ValueTask<OperationTicket<string>> second = _bench.Registry.StartOrJoinAsync<string>(
            OperationBench.Key, () => ValueTask.FromResult<(OperationPlan?, string?)>((null, "never")), CancellationToken.None);

        check.SetResult();

        Assert.Equal(("no", "never"), ((await first).Refusal, (await second).Refusal));
    }

    [Fact]
    public async Task Who_waited_for_a_request_that_failed_asks_for_itself()
    {
        TaskCompletionSource check = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask<OperationTicket<string>> first = _bench.Registry.StartOrJoinAsync<string>(
            OperationBench.Key,
            async () =>
            {
                await check.Task;
                throw new OperationCanceledException("its client went away");
            },
            CancellationToken.None);
        ValueTask<OperationTicket<string>> second = _bench.Registry.StartOrJoinAsync<string>(
            OperationBench.Key, async () => (await _bench.PlanAsync(OperationBench.Steps(1)), null), CancellationToken.None);

        check.SetResult();

        await Assert.ThrowsAsync<OperationCanceledException>(() => first.AsTask());
        Assert.Equal(201, (await (await second).Operation!.Completion).Status);
    }

    [Theory]
    [MemberData(nameof(OtherKeys))]
    public async Task Another_request_is_another_operation(string what)
    {
        OperationKey key = OperationBench.Key;
        OperationKey other = what switch
        {
            "user" => key with { User = "bob" },
            "anonymous" => key with { User = null },
            "method" => key with { Method = "MOVE" },
            "source" => key with { Source = DavPath.Of("c") },
            "destination" => key with { Destination = DavPath.Of("c") },
            "depth" => key with { Depth = Depth.Zero },
            "overwrite" => key with { Overwrite = false },
            _ => key with { Variant = "x" },
        };
        Stall stall = new();
        Operation first = await _bench.StartAsync(OperationBench.Step(stall));

        OperationTicket<string> second = await _bench.Registry.StartOrJoinAsync<string>(
            other, () => ValueTask.FromResult<(OperationPlan?, string?)>((null, "asked")), CancellationToken.None);
        stall.Release();

        Assert.Equal("asked", second.Refusal);
        Assert.Equal(201, (await first.Completion).Status);
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Every_ending_ends_the_lease_and_tells_those_who_wait(string ending)
    {
        Stall stall = new();
        (OperationState state, int status) = ending switch
        {
            "done" or "log failed" or "count failed" => (OperationState.Succeeded, 201),
            "members failed" => (OperationState.Failed, 207),
            "store failed" => (OperationState.Failed, 507),
            "bug" or "bug at the end" => (OperationState.Failed, 500),
            "cancelled" => (OperationState.Cancelled, 503),
            _ => (OperationState.Interrupted, 503),
        };
        _bench.Log.Saving = _ => ending == "log failed" ? throw new ObjectDisposedException("the database") : Task.CompletedTask;
        if (ending == "count failed")
        {
            _bench.Store.On(StoreCall.List, path: null, (_, _) => throw new InvalidOperationException("a bug"));
        }

        OperationPlan plan = await _bench.PlanAsync(ending switch
        {
            "members failed" => _ => Steps(TreeEvent.Failed(DavPath.Of("a", "x"), collection: false, new DavFault(403, "no"))),
            "store failed" => _ => Fail(new StoreException(StoreFault.NoSpace, DavPath.Of("b"), "full")),
            "bug" => _ => Fail(new InvalidOperationException("a bug")),
            _ => OperationBench.Step(stall),
        });
        plan = ending == "bug at the end" ? plan with { Finish = _ => throw new InvalidOperationException("a bug") } : plan;
        Operation operation = (await _bench.Registry.StartOrJoinAsync<string>(
            OperationBench.Key, () => ValueTask.FromResult<(OperationPlan?, string?)>((plan, null)), CancellationToken.None)).Operation!;
        switch (ending)
        {
            case "cancelled":
                Assert.True(operation.Stop(OperationState.Cancelled));
                break;
            case "interrupted":
                Assert.True(operation.Stop(OperationState.Interrupted));
                break;
            case "log failed" or "count failed":
                await stall.ReachedAsync();
                await _bench.Time.WaitForTimersAsync(2);
                _bench.Time.Advance(OperationRunner.WorthKeeping);
                stall.Release();
                break;
            default:
                stall.Release();
                break;
        }

        OperationResult result = await operation.Completion.WaitAsync(RawConnection.Patience);

        Assert.Equal((state, status), (operation.State, result.Status));
        using WriteLease? free = await _bench.Leases.AcquireAsync([new LeaseClaim(DavPath.Of("b"), LeaseKind.Tree)], CancellationToken.None);
        Assert.NotNull(free);
        _bench.Registry.Leave(operation, told: true);
        Assert.Empty(_bench.Registry.All);
        Assert.False(operation.Stop(OperationState.Cancelled));

        static async IAsyncEnumerable<TreeEvent> Steps(TreeEvent step)
        {
            await Task.Yield();
            yield return step;
        }

        static async IAsyncEnumerable<TreeEvent> Fail(Exception failure)
        {
            await Task.Yield();
            yield return TreeEvent.Done(DavPath.Of("a"));
            throw failure;
        }
    }

    [Fact]
    public async Task Its_record_is_kept_before_anybody_is_told_the_end()
    {
        TaskCompletionSource saving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Log.Saving = record =>
        {
            if (record.Ended is null)
            {
                return Task.CompletedTask;
            }

            saving.SetResult();
            return mayEnd.Task;
        };
        Stall stall = new();
        Operation operation = await _bench.StartAsync(OperationBench.Step(stall));
        await stall.ReachedAsync();
        await _bench.Time.WaitForTimersAsync(2);
        _bench.Time.Advance(OperationRunner.WorthKeeping);

        stall.Release();
        await saving.Task.WaitAsync(RawConnection.Patience);
        OperationTicket<string> joined = await _bench.Registry.StartOrJoinAsync<string>(
            OperationBench.Key, () => throw new InvalidOperationException("not asked"), CancellationToken.None);
        Assert.Equal((false, OperationState.Succeeded), (operation.Completion.IsCompleted, OperationRecord.Of(operation).State));
        mayEnd.SetResult();

        Assert.Equal(201, (await operation.Completion).Status);
        Assert.Same(operation, joined.Operation);
        Assert.Equal([OperationState.Running, OperationState.Succeeded], _bench.Log.Saved.Select(record => record.State));
    }

    [Fact]
    public async Task What_is_over_in_no_time_leaves_no_record()
    {
        await (await _bench.StartAsync(OperationBench.Steps(3))).Completion;

        Assert.Empty(_bench.Log.Saved);
    }

    [Fact]
    public async Task What_is_touched_while_it_is_being_told_from_memory_is_not_told_again()
    {
        Operation operation = await _bench.StartAsync(OperationBench.Steps(1));
        await operation.Completion;
        _bench.Registry.Leave(operation, told: false);
        Assert.Same(operation, Assert.Single(_bench.Registry.All));

        Assert.Same(operation, (await _bench.StartOrJoinAsync()).Operation);
        using (await _bench.Leases.AcquireAsync([new LeaseClaim(DavPath.Of("b", "x"), LeaseKind.Resource)], CancellationToken.None))
        {
            _bench.Registry.Leave(operation, told: false); // this client went away as well
        }

        Assert.Empty(_bench.Registry.All);
        Assert.Equal("asked", (await _bench.StartOrJoinAsync()).Refusal);
    }

    [Fact]
    public async Task What_one_of_its_clients_was_told_is_not_remembered_for_the_other()
    {
        Stall stall = new();
        Operation operation = await _bench.StartAsync(OperationBench.Step(stall));
        await _bench.StartOrJoinAsync();
        _bench.Registry.Leave(operation, told: false);
        stall.Release();
        await operation.Completion;

        _bench.Registry.Leave(operation, told: true);

        Assert.Empty(_bench.Registry.All);
    }

    [Fact]
    public async Task What_was_cancelled_too_late_to_be_stopped_is_done_and_remembered()
    {
        Stall late = new();
        OperationPlan plan = await _bench.PlanAsync(OperationBench.Steps(1));
        plan = plan with
        {
            Finish = async outcome =>
            {
                await late.StandAsync(CancellationToken.None);
                return outcome.ToResult(201);
            },
        };
        Operation operation = (await _bench.Registry.StartOrJoinAsync<string>(
            OperationBench.Key, () => ValueTask.FromResult<(OperationPlan?, string?)>((plan, null)), CancellationToken.None)).Operation!;

        await late.ReachedAsync();
        Assert.True(operation.Stop(OperationState.Cancelled));
        _bench.Registry.Leave(operation, told: false);
        ValueTask<OperationTicket<string>> joined = _bench.StartOrJoinAsync();
        Assert.False(joined.IsCompleted);
        late.Release();

        Assert.Equal((201, OperationState.Succeeded), ((await operation.Completion).Status, operation.State));
        Assert.Same(operation, (await joined).Operation);
    }

    [Fact]
    public async Task Who_comes_while_it_is_being_cancelled_begins_anew()
    {
        Stall stall = new();
        Stall cleaning = new();
        Operation operation = await _bench.StartAsync(control => CleanAsync(stall, cleaning, control.Stopping));
        await stall.ReachedAsync();
        operation.Stop(OperationState.Cancelled);
        await cleaning.ReachedAsync();

        ValueTask<OperationTicket<string>> joined = _bench.StartOrJoinAsync();
        Assert.False(joined.IsCompleted);
        cleaning.Release();

        Assert.Equal("asked", (await joined).Refusal);
        Assert.Equal(OperationState.Cancelled, operation.State);

        static async IAsyncEnumerable<TreeEvent> CleanAsync(
            Stall stall, Stall cleaning, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            try
            {
                await stall.StandAsync(cancellation);
            }
            finally
            {
                await cleaning.StandAsync(CancellationToken.None);
            }

            yield break;
        }
    }

    [Fact]
    public async Task A_pause_holds_between_two_entries()
    {
        Operation? operation = null;
        int begun = 0;
        using ManualResetEventSlim started = new();
        operation = await _bench.StartAsync(OperationBench.Steps(5, before: i =>
        {
            started.Wait(RawConnection.Patience);
            begun = i + 1;
            if (i == 1)
            {
                operation!.Pause();
            }
        }));
        started.Set();

        await OperationServer.WaitAsync(() => operation.Progress.Snapshot.Items == 2);
        await Task.Delay(50); // would be enough for the other three
        Assert.Equal((2, 2L, OperationState.Paused), (begun, operation.Progress.Snapshot.Items, operation.State));
        operation.Pause(); // is nothing new
        operation.Resume();

        Assert.Equal(201, (await operation.Completion).Status);
        Assert.Equal((5, OperationState.Succeeded), (begun, operation.State));
        operation.Pause();
        Assert.Equal(OperationState.Succeeded, operation.State);
    }

    [Fact]
    public async Task What_is_cancelled_in_a_pause_ends()
    {
        Operation? operation = null;
        using ManualResetEventSlim started = new();
        operation = await _bench.StartAsync(OperationBench.Steps(5, before: _ =>
        {
            started.Wait(RawConnection.Patience);
            operation!.Pause();
        }));
        started.Set();
        await OperationServer.WaitAsync(() => operation.Progress.Snapshot.Items == 1);

        Assert.True(operation.Stop(OperationState.Cancelled));

        Assert.Equal(503, (await operation.Completion).Status);
        Assert.Equal((OperationState.Cancelled, 1L), (operation.State, operation.Progress.Snapshot.Items));
    }

    [Fact]
    public async Task The_end_of_the_server_waits_as_long_as_it_may_and_then_stops_what_runs()
    {
        await _bench.DisposeAsync();
        _bench = new(new OperationOptions { ShutdownWait = TimeSpan.FromMinutes(3) });
        Stall stall = new();
        Operation operation = await _bench.StartAsync(OperationBench.Step(stall));
        await stall.ReachedAsync();

        Task closing = _bench.Registry.CloseAsync(CancellationToken.None);
        await _bench.Time.WaitForTimerAsync(TimeSpan.FromMinutes(3));
        _bench.Time.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromSeconds(1));
        Assert.Equal((false, OperationState.Running), (closing.IsCompleted, operation.State));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await closing.WaitAsync(RawConnection.Patience);

        Assert.Equal(OperationState.Interrupted, operation.State);
        Assert.Equal(OperationState.Interrupted, _bench.Log.Saved[^1].State);
    }

    [Fact]
    public async Task The_end_of_the_server_waits_no_longer_than_there_is_work()
    {
        Stall stall = new();
        Operation operation = await _bench.StartAsync(OperationBench.Step(stall));

        Task closing = _bench.Registry.CloseAsync(CancellationToken.None);
        Assert.False(closing.IsCompleted);
        stall.Release();
        await closing.WaitAsync(RawConnection.Patience);

        Assert.Equal(OperationState.Succeeded, operation.State);
    }

    [Fact]
    public async Task The_end_of_the_server_does_not_wait_for_what_is_paused_nor_for_what_begins_then()
    {
        Operation? paused = null;
        using ManualResetEventSlim started = new();
        paused = await _bench.StartAsync(OperationBench.Steps(5, before: _ =>
        {
            started.Wait(RawConnection.Patience);
            paused!.Pause();
        }));
        started.Set();
        await OperationServer.WaitAsync(() => paused.State == OperationState.Paused);

        await _bench.Registry.CloseAsync(CancellationToken.None).WaitAsync(RawConnection.Patience);
        Operation late = await _bench.StartAsync(OperationBench.Step(new Stall()), OperationBench.Key with { User = "bob" });

        Assert.Equal(503, (await late.Completion.WaitAsync(RawConnection.Patience)).Status);
        Assert.Equal((OperationState.Interrupted, OperationState.Interrupted), (paused.State, late.State));
    }
}
