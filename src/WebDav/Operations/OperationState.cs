namespace WebDav.Operations;

/// <summary>Where an operation is in its life.</summary>
internal enum OperationState
{
    /// <summary>At work.</summary>
    Running,

    /// <summary>Held at an entry boundary until it is resumed.</summary>
    Paused,

    /// <summary>Done, and nothing failed.</summary>
    Succeeded,

    /// <summary>Ended with a failure, of the whole or of members.</summary>
    Failed,

    /// <summary>Stopped because someone asked for it.</summary>
    Cancelled,

    /// <summary>Stopped by the end of the server.</summary>
    Interrupted,
}
