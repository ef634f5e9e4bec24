using Npgsql;

namespace WebDav.State.Shared;

/// <summary>How PostgreSQL is reached: what the settings say, and what they leave open.</summary>
internal static class SharedConnection
{
    /// <summary>How many connections are used at most where the connection string does not say.</summary>
    private const int Connections = 20;

    /// <summary>Completes a connection string.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        var read = new NpgsqlConnectionStringBuilder(text);
        if (string.IsNullOrEmpty(read.Host))
        {
            throw new ArgumentException("it names no Host", nameof(text));
        }

        // Who waits for a database that is gone, waits for nothing: soon, 503 is the better answer.
        Default("Timeout", () => read.Timeout = 2);
        Default("Command Timeout", () => read.CommandTimeout = 5);
        Default("Cancellation Timeout", () => read.CancellationTimeout = -1);
        Default("Maximum Pool Size", () => read.MaxPoolSize = Connections);
        Default("Max Auto Prepare", () => read.MaxAutoPrepare = 100);
        Default("Auto Prepare Min Usages", () => read.AutoPrepareMinUsages = 2);
        Default("Application Name", () => read.ApplicationName = "WebDavServer");
        read.Pooling = false; // connections are kept here
        return read;

        void Default(string key, Action set)
        {
            if (!read.ShouldSerialize(key))
            {
                set();
            }
        }
    }
}
