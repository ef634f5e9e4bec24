namespace WebDav.State;

/// <summary>Where the state is kept (section <c>State</c> of the settings).</summary>
internal sealed record StateOptions
{
    /// <summary>What keeps it. <c>State:Provider</c></summary>
    public StateProvider Provider { get; init; }

    /// <summary>How PostgreSQL is reached; empty for SQLite. <c>State:ConnectionString</c></summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>After how long without a sign of life other servers take over what a server was at. <c>State:HeartbeatTimeout</c></summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
