namespace WebDav.Progress;

/// <summary>Who is sent <c>102 Processing</c> (setting <c>KeepAlive:Mode</c>).</summary>
public enum KeepAliveMode
{
    /// <summary>Clients that are known to take it, where no proxy is seen in between, and clients that ask for it.</summary>
    Auto,

    /// <summary>Every client but those that speak HTTP/1.0.</summary>
    Always,

    /// <summary>Only requests with <c>Prefer: processing</c> or the connection option <c>102-Processing</c>.</summary>
    OnRequest,

    /// <summary>Nobody.</summary>
    Off,
}
