namespace WebDav.Scheduling;

/// <summary>How long work has held its worker: see <see cref="Workers"/>.</summary>
internal sealed class Turn(TimeProvider time)
{
    // Long enough that nothing is lost by taking turns, short enough that a thousand operations all come on.
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(5);

    private long _began = time.GetTimestamp();

    /// <summary>Lets the others have their turn, if this one has lasted; for between two steps.</summary>
    public ValueTask StepAsync() => time.GetElapsedTime(_began) < Length ? ValueTask.CompletedTask : PassAsync();

    private async ValueTask PassAsync()
    {
        if (TaskScheduler.Current is not FewThreads { IsIdle: true })
        {
            await Task.Yield();
        }

        _began = time.GetTimestamp();
    }
}
