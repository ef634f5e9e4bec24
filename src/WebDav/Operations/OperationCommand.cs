namespace WebDav.Operations;

/// <summary>What somebody wants of an operation that is at work.</summary>
internal enum OperationCommand
{
    /// <summary>To be held.</summary>
    Pause,

    /// <summary>To go on.</summary>
    Resume,

    /// <summary>To stop; nothing takes that back.</summary>
    Cancel,
}
