using WebDav.State;
using WebDav.State.Shared;

namespace WebDav.Setup;

/// <summary>Reads the section <c>State</c>.</summary>
internal static class StateSettings
{
    private const string ConnectionString = "State:ConnectionString";

    /// <summary>Below this, a busy machine alone would make a server look dead.</summary>
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromSeconds(1);

    /// <summary>The section as it is set; what is wrong with it is noted by the reader.</summary>
    public static StateOptions Read(SettingsReader reader)
    {
        var options = new StateOptions
        {
            Provider = reader.Choice("State:Provider", StateProvider.Sqlite),
            ConnectionString = reader.Text(ConnectionString) ?? "",
            HeartbeatTimeout = reader.Duration("State:HeartbeatTimeout", TimeSpan.FromSeconds(10)),
        };
        if (options.HeartbeatTimeout < ShortestHeartbeat)
        {
            reader.Fault("State:HeartbeatTimeout", $"{options.HeartbeatTimeout} is shorter than {ShortestHeartbeat}");
        }

        if (options.Provider == StateProvider.PostgreSql)
        {
            CheckConnection(reader, options.ConnectionString);
        }
        else if (options.ConnectionString.Length > 0)
        {
            reader.Fault(ConnectionString, "says how PostgreSQL is reached, but State:Provider is not PostgreSql");
        }

        return options;
    }

    // What is wrong is said without the text, which holds a password.
    private static void CheckConnection(SettingsReader reader, string text)
    {
        try
        {
            SharedConnection.Read(text);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            reader.Fault(ConnectionString, "is no connection string of PostgreSQL such as Host=db;Database=webdav;Username=webdav;Password=...");
        }
    }
}
