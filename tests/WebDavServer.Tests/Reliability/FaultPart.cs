namespace WebDavServer.Tests.Reliability;

/// <summary>The parts of the work that a failing member means different things to.</summary>
internal enum FaultPart
{
    /// <summary>All that concerns the request as a whole: it fails, and nothing has changed.</summary>
    Whole,

    /// <summary>The members are being copied, out of sight.</summary>
    Filling,

    /// <summary>The members are being removed.</summary>
    Removing,

    /// <summary>The copy is published, and what goes with it is put in order: nothing can be taken back, nor is there anything to tell.</summary>
    Settling,
}
