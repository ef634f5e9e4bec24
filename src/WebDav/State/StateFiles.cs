using System.Globalization;

namespace WebDav.State;

/// <summary>The state directory, held for one server as long as this is not disposed.</summary>
internal sealed class StateFiles : IDisposable
{
    /// <summary>The database's name in the state directory.</summary>
    public const string DatabaseName = "state.db";

    private const string LockName = "server.lock";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _held;

    private StateFiles(string database, FileStream held)
    {
        Database = database;
        _held = held;
    }

    /// <summary>Full path of the database.</summary>
    public string Database { get; }

    /// <summary>Makes the directory if need be, and keeps other servers out of it.</summary>
    /// <exception cref="StateException">Another server has it, or it cannot be made or written.</exception>
    public static StateFiles Take(string directory)
    {
        directory = Path.GetFullPath(directory);
        try
        {
            MakeDirectory(directory);
            var held = Hold(Path.Combine(directory, LockName));
            return new StateFiles(Path.Combine(directory, DatabaseName), held);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"The state directory {directory} cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>Makes the directory if need be, for servers that keep their state elsewhere, and keeps those out that would keep it here.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="readOnly">Whether nothing may be written: then nobody can be kept out.</param>
    /// <exception cref="StateException">A server that keeps its state in it has it, or it cannot be made or written.</exception>
    public static SharedStateFiles Share(string directory, bool readOnly)
    {
        if (readOnly)
        {
            return new SharedStateFiles(held: null);
        }

        directory = Path.GetFullPath(directory);
        try
        {
            MakeDirectory(directory);
            var file = Path.Combine(directory, LockName);
            using (new FileStream(file, Options(FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete)))
            {
                // It is there now.
            }

            return new SharedStateFiles(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"The state directory {directory} cannot be used, or a server with State:Provider Sqlite uses it: {fault.Message}", fault);
        }
    }

    /// <summary>Creates the database's file, empty and for its owner alone: lock tokens are in it, which are keys.</summary>
    public void Prepare()
    {
        if (!File.Exists(Database))
        {
            using var _ = new FileStream(Database, Options(FileMode.CreateNew, FileShare.ReadWrite));
        }
    }

    /// <summary>Gives a damaged database another name, for whoever wants to rescue something from it.</summary>
    /// <returns>That name.</returns>
    public string SetAside(DateTimeOffset now)
    {
        var aside = Database + now.UtcDateTime.ToString("'.damaged-'yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);

        // The log goes with its database: left behind, it would be replayed into the fresh one.
        foreach (var suffix in (ReadOnlySpan<string>)["-wal", "-shm", "-journal", ""])
        {
            if (File.Exists(Database + suffix))
            {
                File.Move(Database + suffix, aside + suffix);
            }
        }

        return aside;
    }

    /// <summary>Lets the next server in. The lock file stays: removing it could take it from under one that has just opened it.</summary>
    public void Dispose() => _held.Dispose();

    private static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            // An existing one keeps the mode that its administrator gave it.
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Hold(string file)
    {
        try
        {
            return new FileStream(file, Options(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new StateException(
                $"Another server is using this state directory: {file} is held by it. "
                + "Stop it, or give this one its own WebDav:StateDirectory.",
                fault);
        }
    }

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
