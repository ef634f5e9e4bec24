namespace WebDav.Progress;

/// <summary>When and to whom <c>102 Processing</c> is sent (section <c>KeepAlive</c> of the settings).</summary>
public sealed record KeepAliveOptions
{
    /// <summary>Who gets one. <c>KeepAlive:Mode</c></summary>
    public KeepAliveMode Mode { get; init; }

    /// <summary>Silence before the first. <c>KeepAlive:FirstAfter</c></summary>
    public TimeSpan FirstAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence between two. <c>KeepAlive:Interval</c></summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most for one request. <c>KeepAlive:Maximum</c></summary>
    public int Maximum { get; init; } = 100;

    /// <summary>Clients, looked up before those that are built in; the first that matches counts. <c>KeepAlive:Clients</c></summary>
    internal IReadOnlyList<KeepAliveClient> Clients { get; init; } = [];

    /// <summary>Proxies in front; the first that matches counts. <c>KeepAlive:Proxies</c></summary>
    internal IReadOnlyList<KeepAliveProxy> Proxies { get; init; } = [];
}
