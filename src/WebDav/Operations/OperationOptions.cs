namespace WebDav.Operations;

/// <summary>How operations live (section <c>Operations</c> of the settings).</summary>
public sealed record OperationOptions
{
    /// <summary>How long a finished operation can be asked for. <c>Operations:Retention</c></summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What becomes of an operation whose client goes away. <c>Operations:OnDisconnect</c></summary>
    public OnDisconnect OnDisconnect { get; init; }

    /// <summary>How many there may be at once.</summary>
    public OperationBounds Bounds { get; init; } = new();

    /// <summary>How long the end of the server waits for running operations and requests before it stops them. <c>Operations:ShutdownWait</c></summary>
    public TimeSpan ShutdownWait { get; init; } = TimeSpan.FromSeconds(20);
}
