namespace WebDavServer.Tests.Support;

/// <summary>A place where a call stands still until a test lets it go on.</summary>
internal sealed class Stall
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until a call has come here.</summary>
    public Task ReachedAsync() => _reached.Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Lets every call go on, those that come later too.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>What the call does: it says that it is here, and stands still.</summary>
    public Task StandAsync(CancellationToken cancellation)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellation);
    }
}
