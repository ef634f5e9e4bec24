using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace WebDav.State;

/// <summary>One connection with the commands that were prepared on it. One thread uses it at a time.</summary>
/// <remarks>Statements are told apart by their text, which is a constant; values travel as parameters, always in the same order.</remarks>
/// <param name="connection">The connection, closed with this.</param>
/// <param name="prepares">Whether statements are prepared here; else whatever is behind the connection sees to that itself.</param>
internal sealed class StateSession(DbConnection connection, bool prepares = true) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>How many rows of dead properties the unit of work that runs has added; negative when it removed more.</summary>
    public long PropertyRows { get; set; }

    /// <summary>Whether the transaction is being committed: from now on, nobody knows what became of it but the database.</summary>
    public bool IsCommitting { get; set; }

    /// <summary>The server that the connection was opened for, where there can be several; else empty.</summary>
    public string Server { get; init; } = "";

    public DbConnection Connection => connection;

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Command(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query; its reader must be disposed before the same query runs again.</summary>
    public DbDataReader Query(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Command(sql, values).ExecuteReader();

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    [SuppressMessage(
        "Security", "CA2100:Review SQL queries for security vulnerabilities",
        Justification = "Every caller passes a constant; values are parameters.")]
    private DbCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!prepares || !_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value ?? DBNull.Value;
                command.Parameters.Add(parameter);
            }

            if (prepares)
            {
                command.Prepare();
                _commands.Add(sql, command);
            }

            return command;
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
