namespace WebDavServer.Tests.Support;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <remarks>
/// Timers (and what is made of them: <c>Task.Delay</c>, <c>PeriodicTimer</c>, <c>CancellationTokenSource</c> with this provider) fire
/// inside <see cref="Advance"/>, in the order they are due, each at its own time. What awaits them goes on by itself; a test that needs
/// the code to have come to its next wait uses <see cref="WaitForTimersAsync"/>.
/// </remarks>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are running.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on and fires what is due.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = GetUtcNow() + by;
        while (Next(end) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Waits, in real time, until at least so many timers are running; after ten seconds it is a failure.</summary>
    public async Task WaitForTimersAsync(int count = 1)
    {
        long begin = System.GetTimestamp();
        while (Timers < count)
        {
            Assert.True(System.GetElapsedTime(begin) < TimeSpan.FromSeconds(10), $"{Timers} timers are running, not {count}");
            await Task.Delay(1);
        }
    }

    /// <summary>Waits, in real time, until a timer is due exactly so much later; after ten seconds it is a failure.</summary>
    public async Task WaitForTimerAsync(TimeSpan later)
    {
        long begin = System.GetTimestamp();
        while (!IsDue())
        {
            Assert.True(System.GetElapsedTime(begin) < TimeSpan.FromSeconds(10), $"no timer is due in {later}");
            await Task.Delay(1);
        }

        bool IsDue()
        {
            lock (_gate)
            {
                return _timers.Any(timer => timer.Due == _now + later);
            }
        }
    }

    /// <summary>The next timer due by then, taken off the list or set to its next time, with the clock at its time; or the clock at the end.</summary>
    private ManualTimer? Next(DateTimeOffset end)
    {
        lock (_gate)
        {
            ManualTimer? next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            _now = next is null || next.Due < _now ? next is null ? end : _now : next.Due;
            if (next is not null)
            {
                Schedule(next, next.Period > TimeSpan.Zero ? next.Due + next.Period : null);
            }

            return next;
        }
    }

    private void Schedule(ManualTimer timer, DateTimeOffset? due)
    {
        _timers.Remove(timer);
        if (due is { } time)
        {
            timer.Due = time;
            _timers.Add(timer);
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Period = period;
                time.Schedule(this, dueTime < TimeSpan.Zero ? null : time._now + dueTime);
            }

            if (dueTime == TimeSpan.Zero)
            {
                time.Advance(TimeSpan.Zero); // due at once, as with a real clock
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
