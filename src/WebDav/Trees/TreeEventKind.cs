namespace WebDav.Trees;

/// <summary>What happened in a tree operation.</summary>
internal enum TreeEventKind
{
    /// <summary>A part of a large file was copied; the bytes say how much.</summary>
    Bytes,

    /// <summary>A resource is done.</summary>
    Done,

    /// <summary>A resource failed; its siblings go on.</summary>
    Failed,
}
