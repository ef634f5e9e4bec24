namespace WebDavServer.Security;

/// <summary>What somebody without a name may do.</summary>
internal enum AnonymousAccess
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Read.</summary>
    ReadOnly,

    /// <summary>Read and write.</summary>
    ReadWrite,
}
