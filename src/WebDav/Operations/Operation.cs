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
internal class Operation(Guid id, OperationKey key, DateTimeOffset started)
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<OperationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _resumed;
    private OperationState? _stopReason;
    private OperationEnd? _end;
    private long _version;

    /// <summary>Its name in URLs: nobody can guess it.</summary>
    public Guid Id { get; } = id;

    /// <summary>What it does, and for whom.</summary>
    public OperationKey Key { get; } = key;

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset Started { get; } = started;

    /// <summary>How far it is.</summary>
    public ProgressTracker Progress { get; } = new();

    /// <summary>Its end, told to all who wait for it when its record is kept: later than <see cref="End"/>.</summary>
    public Task<OperationResult> Completion => _completion.Task;

    /// <summary>Cancelled when it has to stop at the next entry boundary.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Where it is in its life, as of one moment. The version grows with every step and change of state.</summary>
    public virtual (long Version, OperationState State, OperationEnd? End) Now
    {
        get
        {
            lock (_gate)
            {
                return (_version, _end?.State ?? (_resumed is null ? OperationState.Running : OperationState.Paused), _end);
            }
        }
    }

    /// <summary>Where it is in its life.</summary>
    public OperationState State => Now.State;

    /// <summary>How it ended; null while it has not.</summary>
    public OperationEnd? End => Now.End;

    /// <summary>Whether it has ended.</summary>
    public virtual bool HasEnded => End is not null;

    /// <summary>Why it was told to stop; null if it was not. It may have ended otherwise: not everything can be stopped at any time.</summary>
    public OperationState? StopReason
    {
        get
        {
            lock (_gate)
            {
                return _stopReason;
            }
        }
    }

    /// <summary>Held while its record is written, so that an older one never takes the place of a newer.</summary>
    public SemaphoreSlim Writing { get; } = new(1);

    /// <summary>Whether its record is kept, however short it is.</summary>
    public bool IsKept { get; set; }

    // Guarded by the registry's own lock: who waits, whether anybody was told the end, and whether it still holds.
    internal int Waiters { get; set; }

    internal bool IsAnswered { get; set; }

    internal bool IsTouched { get; set; }

    /// <summary>Takes note of a step, and waits here for as long as the operation is paused; who stops it ends the wait, too.</summary>
    /// <param name="step">What was done.</param>
    /// <param name="cancellation">Ends the wait with an exception.</param>
    public ValueTask StepAsync(in TreeEvent step, CancellationToken cancellation = default)
    {
        Progress.Add(step);
        lock (_gate)
        {
            _version++;
        }

        return PassAsync(cancellation);
    }

    /// <summary>Waits for as long as the operation is paused; who stops it ends the wait, too.</summary>
    public ValueTask PassAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _resumed is null ? ValueTask.CompletedTask : new ValueTask(_resumed.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>Takes note of how much there is to do.</summary>
    public void Expect(long items, long? bytes)
    {
        Progress.SetTotal(items, bytes);
        lock (_gate)
        {
            _version++;
        }
    }

    /// <summary>Holds it at the next entry boundary, or between two parts of a large file.</summary>
    public virtual void Pause()
    {
        lock (_gate)
        {
            if (_end is null && _stopReason is null && _resumed is null)
            {
                _resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _version++;
            }
        }
    }

    /// <summary>Lets it go on.</summary>
    public virtual void Resume()
    {
        TaskCompletionSource? resumed;
        lock (_gate)
        {
            resumed = TakePause();
        }

        resumed?.SetResult();
    }

    /// <summary>Stops it at the next entry boundary, unless it has come to where it can only go on to its end.</summary>
    /// <returns>Whether it had not ended before.</returns>
    public virtual bool Stop(OperationState reason)
    {
        TaskCompletionSource? resumed;
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            _stopReason ??= reason;
            resumed = TakePause();
        }

        // In this order: whoever is let go on from a pause finds that it has to stop. What hears of it does so on a thread of its
        // own, for it may have much to clear away.
        _ = _stop.CancelAsync();
        resumed?.SetResult();
        return true;
    }

    /// <summary>Does what somebody asks for.</summary>
    public void Obey(OperationCommand command)
    {
        switch (command)
        {
            case OperationCommand.Pause:
                Pause();
                break;
            case OperationCommand.Resume:
                Resume();
                break;
            case OperationCommand.Cancel:
                Stop(OperationState.Cancelled);
                break;
        }
    }

    /// <summary>Ends it: from now on its record says so. The first end counts.</summary>
    public void Conclude(OperationState state, OperationResult result, DateTimeOffset now)
    {
        TaskCompletionSource? resumed;
        lock (_gate)
        {
            _end ??= new OperationEnd(state, result, now);
            resumed = TakePause();
            _version++;
        }

        resumed?.SetResult();
    }

    /// <summary>Tells all who wait how it ended.</summary>
    public void Announce() => _completion.TrySetResult(End!.Result);

    private TaskCompletionSource? TakePause()
    {
        var resumed = _resumed;
        if (resumed is not null)
        {
            _resumed = null;
            _version++;
        }

        return resumed;
    }
}
