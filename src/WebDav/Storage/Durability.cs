namespace WebDav.Storage;

/// <summary>What a finished write survives.</summary>
internal enum Durability
{
    /// <summary>The end of the server process: the system has it.</summary>
    Rename,

    /// <summary>A power cut too: the disk has it.</summary>
    Flush,
}
