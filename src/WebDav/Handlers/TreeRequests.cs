using WebDav.Operations;
using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>
/// How a request for a tree operation is answered: it starts one or joins the one that the same request has started, waits for it
/// with interim responses or with an answer that begins early, or is told where to ask for it (RFC 7240 4.1).
/// </summary>
internal sealed class TreeRequests(OperationRegistry registry, OperationRunner runner, OperationResults results, TimeProvider time)
{
    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="variant">What makes it differ from another that looks the same; often empty.</param>
    /// <param name="admit">Does every check and takes the lease; asked only if there is nothing to join.</param>
    /// <param name="cancellation">Cancelled when the client goes away: the operation goes on.</param>
    public async ValueTask<DavResult> AnswerAsync(
        DavRequest request, string variant, Func<ValueTask<(OperationPlan? Plan, DavResult? Refusal)>> admit, CancellationToken cancellation)
    {
        var key = new OperationKey(
            request.User.Name, request.Method.Name, request.Path, request.Destination?.Path, request.Depth, request.Overwrite, variant);
        var (operation, refusal) = await registry.StartOrJoinAsync(key, admit, cancellation);
        if (operation is null)
        {
            return refusal!;
        }

        request.WhenAnswered(told => registry.Leave(operation, told));
        if (request.Prefer.RespondAsync
            && !await request.KeepAlive.WhileAsync(IsDoneWithinAsync(operation, request.Prefer.Wait ?? TimeSpan.Zero, cancellation), operation))
        {
            await runner.KeepNowAsync(operation);
            return new DavResult.Accepted(operation.Id);
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

    private async Task<bool> IsDoneWithinAsync(Operation operation, TimeSpan patience, CancellationToken cancellation)
    {
        if (patience <= TimeSpan.Zero || operation.HasEnded)
        {
            return operation.HasEnded;
        }

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
