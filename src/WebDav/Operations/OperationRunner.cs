using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Operations;

/// <summary>Runs operations to their end, each on its own, and keeps the record of those that somebody may ask for.</summary>
internal sealed partial class OperationRunner(
    Workers workers, TreeCount count, IOperationLog log, IOtherServers others, OperationOptions options, TimeProvider time,
    ILogger<OperationRunner> logger)
{
    /// <summary>Most failures that are listed.</summary>
    public const int MaximumFailures = 10_000;

    /// <summary>How long an operation must last to be worth a record: many a DELETE is over in a millisecond.</summary>
    public static readonly TimeSpan WorthKeeping = TimeSpan.FromSeconds(1);

    /// <summary>Runs an operation; never throws.</summary>
    public async Task<(OperationState State, OperationResult Result)> RunAsync(Operation operation, OperationPlan plan)
    {
        using var ended = new CancellationTokenSource();
        var counting = count.RunAsync(operation, plan.Root, ended.Token);
        var keeping = KeepLongAsync(operation, ended.Token);
        try
        {
            var outcome = await workers.RunAsync(plan.Root.FileSystem, () => WorkAsync(operation, plan), operation.Stopping);
            var result = await plan.Finish(outcome);
            return (result.IsSuccess ? OperationState.Succeeded : OperationState.Failed, result);
        }
        catch (OperationCanceledException) when (operation.Stopping.IsCancellationRequested)
        {
            var reason = operation.StopReason ?? OperationState.Cancelled;
            return (reason, OperationResult.Unfinished(operation.Key.Method, reason));
        }
        catch (StoreException failed)
        {
            if (failed.Fault.IsTheMachines())
            {
                LogStoreFault(operation.Key.Method, failed.Path, failed);
            }

            return (OperationState.Failed, OperationResult.Failed(FaultOf(failed, operation.Key)));
        }
        catch (Exception failure)
        {
            // Nobody above would see it: the operation belongs to no request.
            LogFailure(operation.Key.Method, operation.Key.Source, failure);
            return (OperationState.Failed, OperationResult.Failed(new DavFault(500, "the server failed; its log says why")));
        }
        finally
        {
            await ended.CancelAsync();
            await counting;
            await keeping;
        }
    }

    /// <summary>Keeps the record of an operation that is worth it.</summary>
    public async ValueTask KeepAsync(Operation operation)
    {
        if (operation.IsKept || time.GetUtcNow() - operation.Started >= WorthKeeping)
        {
            await SaveAsync(operation);
        }
    }

    /// <summary>Keeps the record of an operation from now on, also if it is over soon: somebody was told its address.</summary>
    public ValueTask KeepNowAsync(Operation operation)
    {
        operation.IsKept = true;
        return SaveAsync(operation);
    }

    // RFC 4918 10.6: who would replace nothing is told so, also where another program has put something there meanwhile.
    private static DavFault FaultOf(StoreException failed, OperationKey key) =>
        failed.Fault == StoreFault.AlreadyExists && key is { Destination: not null, Overwrite: false }
            ? new DavFault(412, "the destination has come to exist, and Overwrite is F")
            : failed.ToDavFault();

    private async Task<TreeOutcome> WorkAsync(Operation operation, OperationPlan plan)
    {
        var turn = workers.BeginTurn();
        var failures = new List<MemberFault>();
        var unlisted = 0L;
        await foreach (var step in plan.Steps(new TreeControl(operation.Stopping, operation.PassAsync)))
        {
            if (step.Failure is not null && failures.Count < MaximumFailures)
            {
                failures.Add(step.Failure);
            }
            else if (step.Failure is not null)
            {
                unlisted++;
            }

            await operation.StepAsync(step);
            await turn.StepAsync();
        }

        return new TreeOutcome(failures, unlisted);
    }

    // What runs long enough is kept while it runs, so that a restart can say that it was interrupted, and where there are
    // other servers, so that they see how far it is.
    private async Task KeepLongAsync(Operation operation, CancellationToken ended)
    {
        try
        {
            await Task.Delay(WorthKeeping, time, ended);
            await KeepNowAsync(operation);
            while (others.Pace is { } pace)
            {
                await Task.Delay(pace, time, ended);
                await SaveAsync(operation);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over already.
        }
    }

    private async ValueTask SaveAsync(Operation operation)
    {
        await operation.Writing.WaitAsync();
        try
        {
            if (await log.SaveAsync(OperationRecord.Of(operation), time.GetUtcNow() - options.Retention, CancellationToken.None) is { } command)
            {
                operation.Obey(command);
            }
        }
        catch (Exception failed)
        {
            // Whatever it was, the operation must come to its end: others wait for it.
            LogNotKept(operation.Id, failed);
        }
        finally
        {
            operation.Writing.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method}: the store failed at {Path}")]
    private partial void LogStoreFault(string method, DavPath path, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Source} failed")]
    private partial void LogFailure(string method, DavPath source, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The record of the operation {Id} could not be kept")]
    private partial void LogNotKept(Guid id, Exception failure);
}
