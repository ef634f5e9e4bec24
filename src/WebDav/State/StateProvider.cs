namespace WebDav.State;

/// <summary>What keeps the state (setting <c>State:Provider</c>).</summary>
public enum StateProvider
{
    /// <summary>A file in the state directory, for one server.</summary>
    Sqlite,

    /// <summary>A database server, for any number of servers on one directory.</summary>
    PostgreSql,
}
