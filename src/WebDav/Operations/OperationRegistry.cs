using Microsoft.Extensions.Logging;
using WebDav.Locking;
using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>
/// All operations at work, and those whose end nobody has been told yet. A request that is the same as one of them joins it; so
/// nothing is done twice because a client was impatient.
/// </summary>
internal sealed partial class OperationRegistry
{
    /// <summary>How long the end of an operation whose clients had all gone away is kept for the same request.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<OperationKey, Operation> _running = [];
    private readonly Dictionary<OperationKey, Task> _admitting = [];
    private readonly Dictionary<OperationKey, Operation> _untold = [];
    private readonly Dictionary<Guid, Operation> _byId = [];
    private readonly OperationRunner _runner;
    private readonly OperationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<OperationRegistry> _logger;
    private bool _closed;

    public OperationRegistry(
        OperationRunner runner, OperationOptions options, WriteLeases leases, TimeProvider time, ILogger<OperationRegistry> logger)
    {
        _runner = runner;
        _options = options;
        _time = time;
        _logger = logger;
        leases.Taken = ForgetTouched;
    }

    /// <summary>The operations that are at work, or whose end is not told.</summary>
    public IReadOnlyList<Operation> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _byId.Values];
            }
        }
    }

    /// <summary>The operation of an id, if it is at work or its end is not told.</summary>
    public Operation? Find(Guid id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>
    /// Joins the operation that the same request has started, takes the end of one that nobody was told, or starts one. The
    /// caller waits for it and then says <see cref="Leave"/>.
    /// </summary>
    /// <param name="key">What makes requests the same.</param>
    /// <param name="admit">Does every check and takes the lease; asked only if there is nothing to join.</param>
    /// <param name="cancellation">Ends the wait for another request's admission.</param>
    public async ValueTask<OperationTicket<TRefusal>> StartOrJoinAsync<TRefusal>(
        OperationKey key, Func<ValueTask<(OperationPlan? Plan, TRefusal? Refusal)>> admit, CancellationToken cancellation)
        where TRefusal : class
    {
        var admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            Task? other;
            lock (_gate)
            {
                if (Join(key) is { } joined)
                {
                    return new OperationTicket<TRefusal>(joined, Refusal: null);
                }

                if (!_admitting.TryGetValue(key, out other))
                {
                    _admitting[key] = admitted.Task;
                }
            }

            if (other is null)
            {
                break;
            }

            await other.WaitAsync(cancellation);
        }

        try
        {
            var (plan, refusal) = await admit();
            return new OperationTicket<TRefusal>(plan is null ? null : Start(key, plan), refusal);
        }
        finally
        {
            lock (_gate)
            {
                _admitting.Remove(key);
            }

            admitted.SetResult();
        }
    }

    /// <summary>Lists a request that does its own work, such as a deep PROPFIND, as long as it goes on. Nobody joins it.</summary>
    public Operation Track(OperationKey key)
    {
        var operation = new Operation(Guid.NewGuid(), key, _time.GetUtcNow()) { Waiters = 1, IsAnswered = true };
        lock (_gate)
        {
            _byId[operation.Id] = operation;
        }

        return operation;
    }

    /// <summary>Ends what <see cref="Track"/> has listed.</summary>
    public void Untrack(Operation operation)
    {
        lock (_gate)
        {
            _byId.Remove(operation.Id);
        }

        operation.End(OperationState.Succeeded, OperationResult.Success(207), _time.GetUtcNow());
    }

    /// <summary>Says that a request waits no more: because it has told its client the end, or because its client is gone.</summary>
    public void Leave(Operation operation, bool told)
    {
        lock (_gate)
        {
            operation.Waiters--;
            operation.IsAnswered |= told;
            Settle(operation);
        }

        if (!told && operation is { Waiters: 0, HasEnded: false, IsAnswered: false } && _options.OnDisconnect == OnDisconnect.Cancel)
        {
            operation.Stop(OperationState.Cancelled);
        }
    }

    /// <summary>Takes no more operations, waits for those at work for as long as the settings allow, and then stops them.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        Operation[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _byId.Values.Where(operation => !operation.HasEnded)];
        }

        if (left.Length == 0)
        {
            return;
        }

        LogWaiting(left.Length);
        Task ends = Task.WhenAll(left.Select(operation => operation.Completion));
        using var limit = new CancellationTokenSource(_options.ShutdownWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await ends.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            foreach (var operation in left)
            {
                operation.Stop(OperationState.Interrupted);
            }

            await ends.WaitAsync(TimeSpan.FromSeconds(5), _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Operation? Join(OperationKey key)
    {
        if (_running.TryGetValue(key, out var running))
        {
            LogJoined(key.Method, key.Source, running.Id);
            running.Waiters++;
            return running;
        }

        if (_untold.Remove(key, out var untold))
        {
            _byId.Remove(untold.Id);
            if (_time.GetUtcNow() - untold.Ended < Memory)
            {
                LogRemembered(key.Method, key.Source, untold.Id);
                untold.Waiters++;
                return untold;
            }
        }

        return null;
    }

    private Operation Start(OperationKey key, OperationPlan plan)
    {
        var operation = new Operation(Guid.NewGuid(), key, _time.GetUtcNow()) { Waiters = 1 };
        lock (_gate)
        {
            _running[key] = operation;
            _byId[operation.Id] = operation;
        }

        if (_closed)
        {
            operation.Stop(OperationState.Interrupted);
        }

        _ = RunAsync(operation, plan);
        return operation;
    }

    private async Task RunAsync(Operation operation, OperationPlan plan)
    {
        var (state, result) = await _runner.RunAsync(operation, plan);

        // The lease first, so that whoever is told the end finds what it says free; then the name, so that the same request starts anew.
        plan.Lease?.Dispose();
        lock (_gate)
        {
            _running.Remove(operation.Key);
            operation.End(state, result, _time.GetUtcNow());
            Settle(operation);
        }

        await _runner.KeepAsync(operation, _options.Retention);
    }

    // Called with the gate held. What has ended is dropped as soon as its end was told; what nobody waited for is remembered.
    private void Settle(Operation operation)
    {
        if (!operation.HasEnded || operation.Waiters > 0)
        {
            return;
        }

        if (operation.IsAnswered || operation.StopReason is not null)
        {
            _byId.Remove(operation.Id);
            return;
        }

        foreach (var old in _untold.Values.Where(old => _time.GetUtcNow() - old.Ended >= Memory).ToList())
        {
            _untold.Remove(old.Key);
            _byId.Remove(old.Id);
        }

        _untold[operation.Key] = operation;
        _byId[operation.Id] = operation;
    }

    // A result counts only as long as nothing has touched what it speaks of.
    private void ForgetTouched(IReadOnlyList<LeaseClaim> claims)
    {
        lock (_gate)
        {
            foreach (var untold in _untold.Values.Where(untold => Touches(claims, untold.Key)).ToList())
            {
                _untold.Remove(untold.Key);
                _byId.Remove(untold.Id);
            }
        }
    }

    private static bool Touches(IReadOnlyList<LeaseClaim> claims, OperationKey key) => claims.Any(claim =>
        claim.ConflictsWith(new LeaseClaim(key.Source, LeaseKind.Tree))
        || (key.Destination is { } destination && claim.ConflictsWith(new LeaseClaim(destination, LeaseKind.Tree))));

    [LoggerMessage(Level = LogLevel.Information, Message = "The server ends; it waits for {Count} operation(s)")]
    private partial void LogWaiting(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Source} joins the operation {Id} that is at work already")]
    private partial void LogJoined(string method, DavPath source, Guid id);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Source} gets the end of the operation {Id}, which its client had not been told")]
    private partial void LogRemembered(string method, DavPath source, Guid id);
}
