namespace WebDav.Scheduling;

/// <summary>A wait that is not noticed, by the real clock: for looking at what others have done by now.</summary>
internal static class Moment
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until a task has ended, however it did, but no longer than a moment.</summary>
    public static async ValueTask WaitAsync(Task task)
    {
        if (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(Length, TimeProvider.System));
        }
    }
}
