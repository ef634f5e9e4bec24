namespace WebDav.Preconditions;

/// <summary>When the locks on something written must be opened by their tokens.</summary>
internal enum WriteGuard
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Only if the request makes a new resource there: replacing one changes no collection's list of members.</summary>
    WhereUnmapped,
}
