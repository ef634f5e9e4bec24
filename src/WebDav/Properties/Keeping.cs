namespace WebDav.Properties;

/// <summary>What becomes of a value that a client sets for a live property.</summary>
internal enum Keeping
{
    /// <summary>It is not kept: the property is protected (RFC 4918 15), or the resource itself has the value.</summary>
    Never,

    /// <summary>It is kept and counts in place of the computed one (RFC 4918 15.2: displayname).</summary>
    Instead,

    /// <summary>It is kept, but the resource has the last word: the value read is computed from both.</summary>
    Beside,
}
