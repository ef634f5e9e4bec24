namespace WebDav.Protocol;

/// <summary>Whom a lock keeps out (RFC 4918 6.2).</summary>
public enum LockScope
{
    /// <summary>Everyone but its holder.</summary>
    Exclusive,

    /// <summary>Everyone but the holders of shared locks on the same resource.</summary>
    Shared,
}
