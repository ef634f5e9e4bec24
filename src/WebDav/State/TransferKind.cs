namespace WebDav.State;

/// <summary>What a transfer does with the dead properties of its source.</summary>
internal enum TransferKind
{
    /// <summary>The destination gets those of the tree, and the source loses them.</summary>
    Move,

    /// <summary>The destination gets those of the tree.</summary>
    Copy,

    /// <summary>The destination gets those of the resource and not of its members (RFC 4918 9.8.3).</summary>
    CopyOne,
}
