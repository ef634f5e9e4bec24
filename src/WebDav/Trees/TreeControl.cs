namespace WebDav.Trees;

/// <summary>How an operation on a tree is held and ended, by all that works for it.</summary>
/// <param name="Stopping">Ends it at the next step.</param>
/// <param name="Pause">Waits for as long as it is paused; null where it never is.</param>
internal sealed record TreeControl(CancellationToken Stopping, Func<CancellationToken, ValueTask>? Pause = null)
{
    /// <summary>To be asked before a step that does not wait until the one before has been told.</summary>
    /// <exception cref="OperationCanceledException">It is to end.</exception>
    public ValueTask PassAsync()
    {
        Stopping.ThrowIfCancellationRequested();
        return Pause is null ? ValueTask.CompletedTask : Pause(Stopping);
    }
}
