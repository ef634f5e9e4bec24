namespace WebDav.Operations;

/// <summary>What becomes of an operation when nobody waits for it any more (setting <c>Operations:OnDisconnect</c>).</summary>
public enum OnDisconnect
{
    /// <summary>It goes on, and the same request again finds it.</summary>
    Continue,

    /// <summary>It is cancelled.</summary>
    Cancel,
}
