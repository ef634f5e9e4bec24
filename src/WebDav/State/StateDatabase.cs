using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State;

/// <summary>The state of a server that has its directory to itself, in SQLite.</summary>
internal sealed class StateDatabase : IStateDatabase
{
    private const int BusyCode = 5; // SQLITE_BUSY
    private const int FullCode = 13; // SQLITE_FULL

    private readonly StateWriter _writer;
    private readonly StateReaders? _readers;
    private readonly StateFiles? _files;
    private readonly ILogger _logger;
    private long _propertyRows;
    private bool _damaged;

    private StateDatabase(DbConnection writer, StateReaders? readers, StateFiles? files, ILogger logger)
    {
        _logger = logger;
        _propertyRows = Convert.ToInt64(StateSchema.Scalar(writer, "SELECT count(*) FROM property"), CultureInfo.InvariantCulture);
        _readers = readers;
        _files = files;
        _writer = new StateWriter(writer, added => Interlocked.Add(ref _propertyRows, added));
    }

    /// <summary>Rows of dead properties, as of the last commit. Known without a query, so that where there are none, none is made.</summary>
    public long PropertyRows => Interlocked.Read(ref _propertyRows);

    /// <inheritdoc/>
    public bool HasNoProperties => PropertyRows == 0;

    /// <inheritdoc/>
    public bool Owes => _writer.Owes;

    /// <inheritdoc/>
    public int Queued => _writer.Queued;

    /// <summary>Commits so far; fewer than the writes where those came at the same time.</summary>
    internal long Commits => _writer.Commits;

    /// <summary>Opens the database of a state directory, made if missing; a damaged one is set aside and a fresh one made.</summary>
    /// <param name="directory">The state directory, made if missing.</param>
    /// <param name="flush">Whether what is confirmed outlives a power cut, too, and not only the end of the process.</param>
    /// <param name="time">Names a damaged database that is set aside.</param>
    /// <param name="logger">Is told of a damaged database.</param>
    /// <exception cref="StateException">Another server has it, it is of a newer version, or it cannot be opened.</exception>
    public static StateDatabase Open(string directory, bool flush, TimeProvider time, ILogger<StateDatabase> logger)
    {
        var files = StateFiles.Take(directory);
        try
        {
            return new StateDatabase(
                OpenOrReplace(files, flush, time, logger), new StateReaders(() => StateConnection.OpenReader(files.Database)), files, logger);
        }
        catch (Exception fault)
        {
            files.Dispose();
            if (fault is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new StateException($"{files.Database} cannot be opened: {fault.Message}", fault);
            }

            throw;
        }
    }

    /// <summary>An empty database that ends with the process, for a server that writes nothing to the disk.</summary>
    public static StateDatabase InMemory() => new(StateConnection.OpenMemory(), readers: null, files: null, NullLogger.Instance);

    /// <inheritdoc/>
    public async ValueTask<T> ReadAsync<T>(DavPath about, Func<StateSession, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_readers is null)
        {
            // A database in memory is seen by its one connection only.
            return await WriteAsync(about, read, cancellation);
        }

        try
        {
            return _readers.Run(read);
        }
        catch (SqliteException fault)
        {
            throw Translate(about, fault);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The work runs apart from all other units, on any thread.</remarks>
    public async ValueTask<T> WriteAsync<T>(DavPath about, Func<StateSession, T> write, CancellationToken cancellation)
    {
        var result = default(T);
        await WriteAsync(about, session => { result = write(session); }, cancellation);
        return result!;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(DavPath about, Action<StateSession> write, CancellationToken cancellation)
    {
        try
        {
            await _writer.RunAsync(write, cancellation);
        }
        catch (SqliteException fault)
        {
            throw Translate(about, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask OweAsync(DavPath about, Action<StateSession> write, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(about, write, cancellation);
        }
        catch (StoreException fault)
        {
            StateLog.Owed(_logger, about, fault);
            _writer.Owe(write);
        }
    }

    /// <inheritdoc/>
    public ValueTask ProbeAsync() => WriteAsync(DavPath.Root, StateSchema.WriteVersion, CancellationToken.None);

    /// <summary>Writes what is still waiting, closes the database and lets the next server have it.</summary>
    public async ValueTask DisposeAsync()
    {
        // The writer's connection is the last one to close, so that it empties the log into the database.
        _readers?.Dispose();
        await _writer.DisposeAsync();
        _files?.Dispose();
    }

    private static DbConnection OpenOrReplace(StateFiles files, bool flush, TimeProvider time, ILogger logger)
    {
        files.Prepare();
        try
        {
            return StateConnection.OpenWriter(files.Database, flush);
        }
        catch (SqliteException damage) when (StateConnection.IsDamage(damage))
        {
            var aside = files.SetAside(time.GetUtcNow());
            StateLog.SetAside(logger, damage, files.Database, aside);
            files.Prepare();
            return StateConnection.OpenWriter(files.Database, flush);
        }
    }

    private StoreException Translate(DavPath about, SqliteException fault)
    {
        if (StateConnection.IsDamage(fault) && !Interlocked.Exchange(ref _damaged, true))
        {
            // Once: every request that needs it will fail. Locks count on, as they are in memory.
            StateLog.Damaged(_logger, fault, _files?.Database);
        }

        var kind = fault.SqliteErrorCode switch
        {
            FullCode => StoreFault.NoSpace,
            BusyCode => StoreFault.Busy,
            _ => StoreFault.InputOutput,
        };
        return new StoreException(kind, about, fault.Message, fault);
    }
}
