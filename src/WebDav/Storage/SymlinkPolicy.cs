namespace WebDav.Storage;

/// <summary>Which symbolic links are followed.</summary>
internal enum SymlinkPolicy
{
    /// <summary>None: a link is no resource.</summary>
    Never,

    /// <summary>Those that lead to a place inside the root, by a relative or an absolute path.</summary>
    InsideRoot,

    /// <summary>All.</summary>
    Always,
}
