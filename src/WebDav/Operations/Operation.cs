using System.Diagnostics.CodeAnalysis;
using WebDav.Progress;
using WebDav.Trees;

namespace WebDav.Operations;

/// <summary>
/// A tree operation at work: its progress, its end, and the ways to hold or stop it. It belongs to nobody's connection; requests
/// only wait for it.
/// </summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "Without a timer or a link they hold nothing, and whoever is late may still stop what has ended.")]
internal sealed class Operation(Guid id, OperationKey key, DateTimeOffset started)
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<OperationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _resumed;
    private OperationState _state = OperationState.Running;
    private long _version;

    /// <summary>Its name in URLs: nobody can guess it.</summary>
    public Guid Id { get; } = id;

    /// <summary>What it does, and for whom.</summary>
    public OperationKey Key { get; } = key;

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset Started { get; } = started;

    /// <summary>When it ended, UTC; null while it has not.</summary>
    public DateTimeOffset? Ended { get; private set; }

    /// <summary>How far it is.</summary>
    public ProgressTracker Progress { get; } = new();

    /// <summary>Its end.</summary>
    public Task<OperationResult> Completion => _completion.Task;

    /// <summary>Cancelled when it has to stop at the next entry boundary.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Grows with every step and change of state.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Where it is in its life.</summary>
    public OperationState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Completion.IsCompleted;

    /// <summary>Held while its record is written, so that an older one never takes the place of a newer.</summary>
    public SemaphoreSlim Writing { get; } = new(1);

    /// <summary>Whether its record is kept, however short it is.</summary>
    public bool IsKept { get; set; }

    // Guarded by the registry's own lock: who waits, and whether anybody was told the end.
    internal int Waiters { get; set; }

    internal bool IsAnswered { get; set; }

    /// <summary>Why it was told to stop; null if it was not.</summary>
    public OperationState? StopReason { get; private set; }

    /// <summary>Takes note of a step, and waits here for as long as the operation is paused.</summary>
    public ValueTask StepAsync(in TreeEvent step)
    {
        Progress.Add(step);
        Interlocked.Increment(ref _version);
        lock (_gate)
        {
            return _resumed is null ? ValueTask.CompletedTask : new ValueTask(_resumed.Task.WaitAsync(_stop.Token));
        }
    }

    /// <summary>Holds it at the next entry boundary.</summary>
    public void Pause() => Change(OperationState.Running, OperationState.Paused);

    /// <summary>Lets it go on.</summary>
    public void Resume() => Change(OperationState.Paused, OperationState.Running);

    /// <summary>Stops it at the next entry boundary.</summary>
    public void Stop(OperationState reason)
    {
        lock (_gate)
        {
            if (HasEnded)
            {
                return;
            }

            StopReason ??= reason;
        }

        _stop.Cancel();
    }

    /// <summary>Ends it. The first end counts.</summary>
    public void End(OperationState state, OperationResult result, DateTimeOffset now)
    {
        lock (_gate)
        {
            _state = state;
            Ended = now;
            Interlocked.Increment(ref _version);
        }

        _completion.TrySetResult(result);
    }

    private void Change(OperationState from, OperationState to)
    {
        TaskCompletionSource? resumed = null;
        lock (_gate)
        {
            if (_state != from)
            {
                return;
            }

            _state = to;
            Interlocked.Increment(ref _version);
            if (to == OperationState.Paused)
            {
                _resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else
            {
                (resumed, _resumed) = (_resumed, null);
            }
        }

        resumed?.SetResult();
    }
}
