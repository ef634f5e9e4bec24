namespace WebDav.Protocol;

/// <summary>A lock token: the absolute URI that stands for a lock (RFC 4918 6.5).</summary>
/// <param name="Uri">The URI, without angle brackets.</param>
public readonly record struct LockToken(string Uri)
{
    /// <summary>A token that was never used before, by the <c>urn:uuid</c> scheme (RFC 4122).</summary>
    public static LockToken New() => new($"urn:uuid:{Guid.NewGuid():D}");

    /// <summary>The token as a Coded-URL (RFC 4918 10.5), in angle brackets.</summary>
    public override string ToString() => $"<{Uri}>";
}
