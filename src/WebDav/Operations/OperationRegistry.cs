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

    /// <summary>How long what was told to stop at the end of the server may take to come to an entry boundary.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<OperationKey, Operation> _running = [];
    private readonly Dictionary<OperationKey, PendingAdmission> _admitting = [];
    private readonly Dictionary<OperationKey, Operation> _untold = [];
    private readonly Dictionary<Guid, Operation> _byId = [];
    private readonly OperationRunner _runner;
    private readonly OperationOptions _options;
    private readonly ILocks _locks;
    private readonly IOtherServers _others;
    private readonly TimeProvider _time;
    private readonly ILogger<OperationRegistry> _logger;
    private bool _closed;

    public OperationRegistry(
        OperationRunner runner, OperationOptions options, IWriteLeases leases, ILocks locks, IOtherServers others,
        TimeProvider time, ILogger<OperationRegistry> logger)
    {
        _runner = runner;
        _options = options;
        _locks = locks;
        _others = others;
        _time = time;
        _logger = logger;
        leases.Taken = Touch;
    }

    /// <summary>The operations that are at work, or whose end is not told.</summary>
    public IReadOnlyList<Operation> All
    {
        get
        {
            lock (_gate)
            {
                ForgetOld();
                return [.. _byId.Values];
            }
        }
    }

    /// <summary>The operation of an id, if it is at work or its end is not told.</summary>
    public Operation? Find(Guid id)
    {
        lock (_gate)
        {
            ForgetOld();
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
    /// <exception cref="DavFaultException">429, 503: there are as many operations as may be.</exception>
    public async ValueTask<OperationTicket<TRefusal>> StartOrJoinAsync<TRefusal>(
        OperationKey key, Func<ValueTask<(OperationPlan? Plan, TRefusal? Refusal)>> admit, CancellationToken cancellation)
        where TRefusal : class
    {
        while (true)
        {
            PendingAdmission? other = null;
            PendingAdmission? own = null;
            Operation? joined;
            lock (_gate)
            {
                joined = Join(key);
                if (joined is null && _admitting.TryGetValue(key, out other))
                {
                    other.Waiting++;
                }
                else if (joined is null)
                {
                    Check(_options.Bounds.Refuse(key.User, _running.Keys.Concat(_admitting.Keys)));
                    _admitting[key] = own = new PendingAdmission();
                }
            }

            if (own is not null)
            {
                return await AdmitAsync(key, own, admit);
            }

            joined ??= await StartedByAsync(other!, cancellation);
            if (joined is not null && await IsWorthJoiningAsync(joined, cancellation))
            {
                return new OperationTicket<TRefusal>(joined, Refusal: null);
            }
        }
    }

    /// <summary>Lists a request that does its own work, such as a deep PROPFIND, as long as it goes on. Nobody joins it.</summary>
    /// <exception cref="DavFaultException">429: the user has as many as one may have.</exception>
    public Operation Track(OperationKey key)
    {
        var operation = new Operation(Guid.NewGuid(), key, _time.GetUtcNow()) { Waiters = 1, IsAnswered = true };
        bool closed;
        lock (_gate)
        {
            Check(_options.Bounds.RefuseDeepPropFind(_byId.Values.Count(other =>
                other.Key.Method == key.Method && string.Equals(other.Key.User, key.User, StringComparison.Ordinal))));
            _byId[operation.Id] = operation;
            closed = _closed;
        }

        if (closed)
        {
            operation.Stop(OperationState.Interrupted);
        }

        return operation;
    }

    /// <summary>Ends what <see cref="Track"/> has listed.</summary>
    /// <param name="operation">What was listed.</param>
    /// <param name="success">The status of the response that went out whole; null if none did.</param>
    public void Untrack(Operation operation, int? success)
    {
        lock (_gate)
        {
            _byId.Remove(operation.Id);
        }

        var state = success is not null ? OperationState.Succeeded : operation.StopReason ?? OperationState.Failed;
        var result = success is { } status ? OperationResult.Success(status) : OperationResult.Unfinished(operation.Key.Method, state);
        operation.Conclude(state, result, _time.GetUtcNow());
        operation.Announce();
    }

    /// <summary>Says that a request waits no more: because it has told its client the end, or because its client is gone.</summary>
    public void Leave(Operation operation, bool told)
    {
        lock (_gate)
        {
            operation.Waiters--;
            operation.IsAnswered |= told;
            Settle(operation);
            if (_options.OnDisconnect == OnDisconnect.Cancel && operation is { Waiters: 0, IsAnswered: false })
            {
                operation.Stop(OperationState.Cancelled); // With the gate held, so that nobody joins it unaware.
            }
        }
    }

    /// <summary>Says that something was changed: what was to be told of it, or of what holds it, is true no more.</summary>
    public void Touch(IReadOnlyList<LeaseClaim> claims)
    {
        lock (_gate)
        {
            // Also those that are at work or being told: their end may come to be remembered later.
            foreach (var touched in _byId.Values.Where(operation => !operation.IsTouched && Touches(claims, operation.Key)).ToList())
            {
                touched.IsTouched = true;
                if (_untold.TryGetValue(touched.Key, out var untold) && untold == touched)
                {
                    _untold.Remove(touched.Key);
                    _byId.Remove(touched.Id);
                }
            }
        }
    }

    /// <summary>Takes no more operations, waits for those at work for as long as the settings allow, and then stops them.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        Operation[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _byId.Values.Where(operation => !operation.Completion.IsCompleted)];
        }

        if (left.Length == 0)
        {
            return;
        }

        LogWaiting(left.Length);
        foreach (var paused in left.Where(operation => operation.State == OperationState.Paused))
        {
            paused.Stop(OperationState.Interrupted); // It would be waited for in vain.
        }

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

            await ends.WaitAsync(StopPatience, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stops all that is at work: this server has lost its right to go on with it.</summary>
    public void InterruptAll()
    {
        lock (_gate)
        {
            foreach (var operation in _byId.Values.Where(operation => operation is not RemoteOperation))
            {
                operation.Stop(OperationState.Interrupted);
            }
        }
    }

    private static void Check(DavFault? refusal)
    {
        if (refusal is not null)
        {
            throw new DavFaultException(refusal);
        }
    }

    private async ValueTask<OperationTicket<TRefusal>> AdmitAsync<TRefusal>(
        OperationKey key, PendingAdmission own, Func<ValueTask<(OperationPlan? Plan, TRefusal? Refusal)>> admit)
        where TRefusal : class
    {
        try
        {
            var (plan, refusal) = await admit();
            return new OperationTicket<TRefusal>(plan is null ? null : Start(key, plan, own), refusal);
        }
        catch (WorkElsewhereException elsewhere)
        {
            LogJoined(key.Method, key.Source, elsewhere.Work);
            return new OperationTicket<TRefusal>(Follow(await _others.JoinAsync(elsewhere.Work, key, CancellationToken.None), own), Refusal: null);
        }
        finally
        {
            lock (_gate)
            {
                // Not there any more if it was started, and another's place if that one has ended since.
                if (own.Started is null)
                {
                    _admitting.Remove(key);
                }
            }

            own.Decide();
        }
    }

    // The operation that another request has started while this one waited, which waits for it already; null if it was refused.
    private async ValueTask<Operation?> StartedByAsync(PendingAdmission other, CancellationToken cancellation)
    {
        try
        {
            return await other.Decided.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Operation? started;
            lock (_gate)
            {
                other.Waiting--;
                started = other.Started;
            }

            if (started is not null)
            {
                Leave(started, told: false);
            }

            throw;
        }
    }

    // What was cancelled, perhaps because this very client had gone away, is no answer: it begins anew when that has ended.
    private async ValueTask<bool> IsWorthJoiningAsync(Operation joined, CancellationToken cancellation)
    {
        if (joined.StopReason != OperationState.Cancelled)
        {
            return true;
        }

        try
        {
            await joined.Completion.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Leave(joined, told: false);
            throw;
        }

        if (joined.State != OperationState.Cancelled)
        {
            return true;
        }

        Leave(joined, told: false);
        return false;
    }

    private Operation? Join(OperationKey key)
    {
        if (_running.TryGetValue(key, out var running))
        {
            LogJoined(key.Method, key.Source, running.Id);
            running.Waiters++;
            return running;
        }

        ForgetOld();
        if (!_untold.Remove(key, out var untold))
        {
            return null;
        }

        if (untold.End!.Result.Lock is { } token && !_locks.MayCount(token))
        {
            _byId.Remove(untold.Id);
            return null; // A lock that has ended since is no lock.
        }

        LogRemembered(key.Method, key.Source, untold.Id);
        untold.Waiters++;
        return untold;
    }

    private Operation Start(OperationKey key, OperationPlan plan, PendingAdmission admission)
    {
        var operation = new Operation(plan.Lease?.Id ?? Guid.NewGuid(), key, _time.GetUtcNow());
        Enter(operation, admission);
        _ = RunAsync(operation, plan);
        return operation;
    }

    // What another server is at is waited for as if it were done here; its end is told there.
    private Operation Follow(Operation operation, PendingAdmission admission)
    {
        operation.IsAnswered = true;
        Enter(operation, admission);
        _ = LeaveAtEndAsync(operation);
        return operation;
    }

    private void Enter(Operation operation, PendingAdmission admission)
    {
        bool closed;
        lock (_gate)
        {
            // Those who came while it was being admitted get this one, however soon it ends.
            operation.Waiters = 1 + admission.Waiting;
            admission.Started = operation;
            _admitting.Remove(operation.Key);
            _running[operation.Key] = operation;
            _byId[operation.Id] = operation;
            closed = _closed;
        }

        if (closed)
        {
            operation.Stop(OperationState.Interrupted);
        }
    }

    private async Task LeaveAtEndAsync(Operation operation)
    {
        await operation.Completion;
        lock (_gate)
        {
            _running.Remove(operation.Key);
            Settle(operation);
        }
    }

    private async Task RunAsync(Operation operation, OperationPlan plan)
    {
        var (state, result) = await _runner.RunAsync(operation, plan);

        // The lease first, so that whoever is told the end finds what it says free; then the record, so that nobody is told an end
        // which a restart would deny; then the name, so that the same request starts anew.
        var isAwaitedElsewhere = plan.Lease is not null && await plan.Lease.ReleaseAsync();
        operation.IsKept |= isAwaitedElsewhere;
        operation.Conclude(state, result, _time.GetUtcNow());
        await _runner.KeepAsync(operation);
        lock (_gate)
        {
            _running.Remove(operation.Key);
            operation.Announce();
            Settle(operation);
        }
    }

    // Called with the gate held. What has ended is dropped as soon as its end was told; what nobody waited for is remembered.
    private void Settle(Operation operation)
    {
        if (!operation.Completion.IsCompleted || operation.Waiters > 0)
        {
            return;
        }

        if (operation.IsAnswered || operation.IsTouched || operation.State is OperationState.Cancelled or OperationState.Interrupted)
        {
            _byId.Remove(operation.Id);
            return;
        }

        _untold[operation.Key] = operation;
        ForgetOld();
    }

    // Called with the gate held.
    private void ForgetOld()
    {
        if (_untold.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        foreach (var old in _untold.Values.Where(old => now - old.End!.At >= Memory).ToList())
        {
            _untold.Remove(old.Key);
            _byId.Remove(old.Id);
        }
    }

    // Who only reads, as a COPY its source, touches nothing.
    private static bool Touches(IReadOnlyList<LeaseClaim> claims, OperationKey key) => claims.Any(claim =>
        claim.Kind != LeaseKind.Source
        && (claim.ConflictsWith(new LeaseClaim(key.Source, LeaseKind.Tree))
            || (key.Destination is { } destination && claim.ConflictsWith(new LeaseClaim(destination, LeaseKind.Tree)))));

    [LoggerMessage(Level = LogLevel.Information, Message = "The server ends; it waits for {Count} operation(s)")]
    private partial void LogWaiting(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Source} joins the operation {Id} that is at work already")]
    private partial void LogJoined(string method, DavPath source, Guid id);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Source} gets the end of the operation {Id}, which its client had not been told")]
    private partial void LogRemembered(string method, DavPath source, Guid id);
}
