namespace WebDav.State;

/// <summary>Statements that one caller wants written together, all or none, and its wait for them.</summary>
internal sealed class WriteUnit(Action<StateSession> work, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the work is in the database, or it is certain that none of it is.</summary>
    public Task Done => _done.Task;

    /// <summary>
    /// Whether the caller still wants it. Asked once, before anything runs: who is told that it was cancelled knows that
    /// nothing was written.
    /// </summary>
    public bool TryBegin() => !cancellation.IsCancellationRequested || !_done.TrySetCanceled(cancellation);

    public void Run(StateSession session) => work(session);

    public void Complete() => _done.TrySetResult();

    /// <summary>Fails the unit, unless it has failed on its own account before.</summary>
    public void Fail(Exception failure) => _done.TrySetException(failure);
}
