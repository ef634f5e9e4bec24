namespace WebDav.Handlers;

/// <summary>Whether PROPFIND with Depth infinity is answered (setting <c>WebDav:DeepPropFind</c>).</summary>
public enum DeepPropFind
{
    /// <summary>It is.</summary>
    Allowed,

    /// <summary>403 with <c>propfind-finite-depth</c> (RFC 4918 9.1).</summary>
    Refused,
}
