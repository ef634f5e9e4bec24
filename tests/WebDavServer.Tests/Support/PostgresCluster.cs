using System.Diagnostics;
using Npgsql;

namespace WebDavServer.Tests.Support;

/// <summary>A PostgreSQL of the tests' own, on a Unix socket.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("webdav-postgres-").FullName;
    private Process? _postmaster;
    private int _databases;

    /// <summary>Makes and starts one.</summary>
    public static async Task<PostgresCluster> MakeAsync()
    {
        PostgresCluster cluster = new();
        if (Environment.UserName == "root")
        {
            Shell.Run(cluster._directory, "chown postgres .");
        }

        using Process made = Run("initdb", "-D", cluster._directory + "/data", "-U", "webdav", "-A", "trust", "-E", "UTF8", "--no-sync");
        string said = await made.StandardOutput.ReadToEndAsync() + await made.StandardError.ReadToEndAsync();
        await made.WaitForExitAsync();
        Assert.True(made.ExitCode == 0, said);
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Starts it, after it was stopped.</summary>
    public async Task StartAsync()
    {
        _postmaster = Run(
            "postgres", "-D", _directory + "/data", "-k", _directory, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200");
        _postmaster.BeginErrorReadLine(); // so that it never waits for somebody to read its log
        for (long begun = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                await using NpgsqlConnection connection = new(ConnectionString("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(begun) < Patience && !_postmaster.HasExited)
            {
                // It is starting.
            }
        }
    }

    /// <summary>Stops it at once, as a crash would: it recovers at its next start.</summary>
    public async Task CrashAsync()
    {
        ServerProcess.Signal(_postmaster!, 3); // SIGQUIT
        await _postmaster!.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Makes an empty database; returns how it is reached.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        string name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first value that a query gives.</summary>
    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postmaster is { HasExited: false })
        {
            await CrashAsync();
        }

        _postmaster?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string ConnectionString(string database) => $"Host={_directory};Username=webdav;Database={database};Pooling=false";

    // PostgreSQL refuses to be run by root.
    private static Process Run(string program, params string[] arguments)
    {
        string path = Directory.GetDirectories("/usr/lib/postgresql").Select(version => $"{version}/bin/{program}").Order(StringComparer.Ordinal).Last();
        string[] line = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", path, .. arguments]
            : [path, .. arguments];
        return Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
    }
}
