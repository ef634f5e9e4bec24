using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace WebDav.State;

/// <summary>Opens connections to SQLite: what there is to know about SQLite alone is here and in <see cref="StateFiles"/>.</summary>
internal static class StateConnection
{
    private const int CorruptCode = 11; // SQLITE_CORRUPT
    private const int NotADatabaseCode = 26; // SQLITE_NOTADB

    /// <summary>Whether SQLite said that the file is damaged, or is none of its own.</summary>
    public static bool IsDamage(SqliteException fault) => fault.SqliteErrorCode is CorruptCode or NotADatabaseCode;

    /// <summary>Opens a database for writing, checks it, and brings it to the version of this server.</summary>
    /// <param name="path">Its file, which may be missing or empty.</param>
    /// <param name="flush">Whether a commit waits for the disk, so that it outlives a power cut and not only the process.</param>
    /// <exception cref="SqliteException">It is damaged, or cannot be opened.</exception>
    /// <exception cref="StateException">It is of a newer server, or its file system cannot hold it.</exception>
    public static DbConnection OpenWriter(string path, bool flush)
    {
        var connection = Open(path);
        try
        {
            StateSchema.RefuseNewer(connection, StateSchema.Migrations);
            Check(connection);
            if (StateSchema.Scalar(connection, "PRAGMA journal_mode = WAL") is not "wal")
            {
                throw new StateException(
                    $"The file system of {path} cannot hold a write-ahead log. Set WebDav:StateDirectory to a directory on a local disk.");
            }

            StateSchema.Execute(connection, flush ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            StateSchema.Migrate(connection, StateSchema.Migrations);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static DbConnection OpenReader(string path)
    {
        var connection = Open(path);
        StateSchema.Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    /// <summary>An empty database that ends with its connection.</summary>
    public static DbConnection OpenMemory()
    {
        var connection = Open(":memory:");
        StateSchema.Migrate(connection, StateSchema.Migrations);
        return connection;
    }

    private static SqliteConnection Open(string path)
    {
        var options = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            DefaultTimeout = 2,
            Pooling = false, // connections are kept here, with their prepared commands
        };
        var connection = new SqliteConnection(options.ConnectionString);
        try
        {
            connection.Open();

            // Only someone who looks into the file with another program can be in the way.
            StateSchema.Execute(connection, "PRAGMA busy_timeout = 2000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Finds at the start the damage that would otherwise fail requests one by one, much later.</summary>
    private static void Check(DbConnection connection)
    {
        if (StateSchema.Scalar(connection, "PRAGMA quick_check(1)") is string verdict and not "ok")
        {
            throw new SqliteException(verdict, CorruptCode);
        }
    }
}
