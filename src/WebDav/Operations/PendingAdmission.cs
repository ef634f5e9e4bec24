namespace WebDav.Operations;

/// <summary>A request that is being checked, and the same ones that came meanwhile: they get the operation it starts, if it may.</summary>
internal sealed class PendingAdmission
{
    private readonly TaskCompletionSource<Operation?> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The operation that was started; null if the request was refused.</summary>
    public Task<Operation?> Decided => _decided.Task;

    // Guarded by the registry's lock.
    public int Waiting { get; set; }

    public Operation? Started { get; set; }

    /// <summary>Tells those who wait.</summary>
    public void Decide() => _decided.TrySetResult(Started);
}
