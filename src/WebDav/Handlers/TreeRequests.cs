using System.Globalization;
using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>
/// How a request for a tree operation is answered: it starts one or joins the one that the same request has started, waits for it
/// with interim responses or with an answer that begins early, or is told where to ask for it (RFC 7240 4.1).
/// </summary>
internal sealed class TreeRequests(OperationRegistry registry, OperationRunner runner, OperationResults results, TimeProvider time)
{
    /// <summary>The longest that is waited before 202, however long the client would: a timer knows no more than 49 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="variant">What makes it differ from another that looks the same; often empty.</param>
    /// <param name="admit">Does every check, of the request as the gate is to see it, and takes the lease; asked only if there is nothing to join.</param>
    /// <param name="cancellation">Cancelled when the client goes away: the operation goes on.</param>
    public async ValueTask<DavResult> AnswerAsync(
        DavRequest request, string variant, Func<GateRequest, ValueTask<(OperationPlan? Plan, DavResult? Refusal)>> admit, CancellationToken cancellation)
    {
        var key = new OperationKey(
            request.User.Name, request.Method.Name, request.Path, request.Destination?.Path, request.Depth, request.Overwrite, variant);
        var (operation, refusal) = await registry.StartOrJoinAsync(key, () => admit(request.Gate with { Work = key.Text }), cancellation);
        if (operation is null)
        {
            return refusal!;
        }

        request.WhenAnswered(told => registry.Leave(operation, told));
        if (request.Prefer.RespondAsync && !await IsWaitedForAsync(request, operation, cancellation))
        {
            await runner.KeepNowAsync(operation);
            return new DavResult.Accepted(operation.Id, Applied(request.Prefer));
        }

        // The answer of a LOCK is the lock: no 207 can tell of it.
        if (request.Method.Name != "LOCK" && request.KeepAlive.AnswersEarly
            && !await IsDoneWithinAsync(operation, request.KeepAlive.Pace.First, cancellation))
        {
            return new DavResult.Awaited(operation);
        }

        var result = await request.KeepAlive.WhileAsync(operation.Completion.WaitAsync(cancellation), operation);
        return await results.ToResultAsync(result, key.Source, cancellation);
    }

    // RFC 7240 3: only what was asked for, and was done so.
    private static string Applied(Preferences prefer) => prefer.Wait is { } wait
        ? string.Create(CultureInfo.InvariantCulture, $"respond-async, wait={(long)wait.TotalSeconds}")
        : "respond-async";

    // Who names no time to wait gets 202 also for what is over in no time, so that it need not be ready for both.
    private async ValueTask<bool> IsWaitedForAsync(DavRequest request, Operation operation, CancellationToken cancellation) =>
        request.Prefer.Wait is { } wait
        && await request.KeepAlive.WhileAsync(IsDoneWithinAsync(operation, wait < LongestWait ? wait : LongestWait, cancellation), operation);

    private async Task<bool> IsDoneWithinAsync(Operation operation, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            await operation.Completion.WaitAsync(patience, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
