using System.Runtime.CompilerServices;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>A walk that its operation watches, holds and stops.</summary>
internal static class WatchedWalk
{
    /// <summary>The steps of a walk.</summary>
    /// <param name="walk">The walk.</param>
    /// <param name="operation">Hears of every resource; null where nobody watches, and the walk is short.</param>
    /// <param name="turn">The walk's turn among the workers.</param>
    /// <param name="cancellation">Ends the walk when the client goes away.</param>
    /// <exception cref="DavFaultException">The operation was stopped.</exception>
    public static IAsyncEnumerable<WalkStep> StepsAsync(WalkTree walk, Operation? operation, Turn turn, CancellationToken cancellation) =>
        operation is null ? walk.StepsAsync(cancellation) : WatchAsync(walk, operation, turn, cancellation);

    private static async IAsyncEnumerable<WalkStep> WatchAsync(
        WalkTree walk, Operation operation, Turn turn, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(operation.Stopping, cancellation);
        await using var steps = walk.StepsAsync(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync(steps, operation, cancellation))
        {
            yield return steps.Current;
            await turn.StepAsync();
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<WalkStep> steps, Operation operation, CancellationToken cancellation)
    {
        try
        {
            if (!await steps.MoveNextAsync())
            {
                return false;
            }

            if (steps.Current.Kind == WalkStepKind.Visit)
            {
                await operation.StepAsync(TreeEvent.Done(steps.Current.Entry.Path), cancellation);
            }

            operation.Stopping.ThrowIfCancellationRequested();
            return true;
        }
        catch (OperationCanceledException) when (operation.Stopping.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new DavFaultException(OperationResult.Unfinished(operation.Key.Method, operation.StopReason!.Value).Fault!);
        }
    }
}
