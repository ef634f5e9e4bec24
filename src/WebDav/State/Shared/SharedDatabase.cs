using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State.Shared;

/// <summary>
/// The state of several servers, in PostgreSQL. Each write says first, in its own transaction, that this server has its seat still: one
/// that was taken for dead and has been replaced can change nothing any more.
/// </summary>
/// <remarks>
/// While PostgreSQL is away, everything fails at once with <see cref="StoreFault.Unavailable"/>; the server's heart finds out when it is back.
/// </remarks>
internal sealed class SharedDatabase : IStateDatabase
{
    // Nobody takes the seat away while this is under way, for that locks the row for itself.
    private const string Fence = "SELECT 1 FROM server WHERE id = @server AND taker IS NULL FOR KEY SHARE";

    // A server that is held up in the middle of a transaction holds up whoever waits for what it has locked: PostgreSQL itself ends that
    // soon, before their own patience does.
    private const string Introduce =
        "SELECT set_config('webdav.server', @server, false), set_config('idle_in_transaction_session_timeout', '2s', false)";

    // idle_in_transaction_session_timeout, in PostgreSQL's table of error codes
    private const string IdleInTransaction = "25P03";

    /// <summary>How long a sign of life may take: shorter than a request's own statements, so that those who come later need not wait.</summary>
    private const int SecondsOfBeat = 2;

    private const int MostAttempts = 4;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _patient;
    private readonly NpgsqlDataSource _impatient;
    private readonly SharedWorkers _workers;
    private readonly ConcurrentQueue<(DavPath About, Action<StateSession> Work, string Seat)> _owed = new();
    private readonly SemaphoreSlim _paying = new(1);
    private readonly Seat _seat;
    private readonly ILogger _logger;
    private StateSession? _beating;
    private volatile bool _away;
    private bool _disposed;

    public SharedDatabase(StateOptions options, Seat seat, ILogger<SharedDatabase> logger)
    {
        var connection = SharedConnection.Read(options.ConnectionString);
        _source = Source(connection.CommandTimeout);
        _patient = Source(seconds: 0);
        _impatient = Source(SecondsOfBeat);
        _workers = new SharedWorkers(connection.MaxPoolSize, () => Open(_source));
        (_seat, _logger) = (seat, logger);

        NpgsqlDataSource Source(int seconds) =>
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection.ConnectionString) { CommandTimeout = seconds });
    }

    /// <inheritdoc/>
    /// <remarks>Another server may have set the first a moment ago.</remarks>
    public bool HasNoProperties => false;

    /// <inheritdoc/>
    public bool Owes => !_owed.IsEmpty;

    /// <inheritdoc/>
    public int Queued => _workers.Queued;

    /// <summary>Makes the tables.</summary>
    /// <exception cref="StateException">They cannot be made, or PostgreSQL cannot be reached.</exception>
    public void Prepare()
    {
        try
        {
            using var connection = _patient.OpenConnection();
            SharedSchema.Prepare(connection);
        }
        catch (NpgsqlException fault)
        {
            throw new StateException($"The database of State:ConnectionString cannot be used: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public ValueTask<T> ReadAsync<T>(DavPath about, Func<StateSession, T> read, CancellationToken cancellation) =>
        TurnAsync(about, read, cancellation);

    /// <inheritdoc/>
    public async ValueTask<T> WriteAsync<T>(DavPath about, Func<StateSession, T> write, CancellationToken cancellation)
    {
        var seat = _seat.Name;
        await PayAsync(cancellation);
        return await TurnAsync(about, session => Commit(session, seat, write), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(DavPath about, Action<StateSession> write, CancellationToken cancellation) => await WriteAsync(
        about,
        session =>
        {
            write(session);
            return true;
        },
        cancellation);

    /// <summary>Runs statements that see to it themselves that the server has its seat, in one go.</summary>
    public async ValueTask<T> RunAsync<T>(DavPath about, Func<StateSession, T> work, CancellationToken cancellation)
    {
        await PayAsync(cancellation);
        return await TurnAsync(about, work, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask OweAsync(DavPath about, Action<StateSession> write, CancellationToken cancellation)
    {
        var seat = _seat.Name;
        try
        {
            await WriteAsync(about, write, cancellation);
        }
        catch (StoreException fault) when (fault.Fault != StoreFault.Superseded)
        {
            // Who lost its seat owes nothing any more: whoever has taken over does all that was noted.
            StateLog.Owed(_logger, about, fault);
            _owed.Enqueue((about, write, seat));
        }
    }

    /// <inheritdoc/>
    public ValueTask ProbeAsync() => WriteAsync(DavPath.Root, static _ => { }, CancellationToken.None);

    /// <summary>Tries whether PostgreSQL is there, also while it is taken to be away; if it is, work goes on.</summary>
    /// <param name="beat">What is done with the connection, which is used for nothing else meanwhile.</param>
    /// <exception cref="StoreException">It is not there.</exception>
    public T Beat<T>(Func<StateSession, T> beat)
    {
        var whole = false;
        try
        {
            _beating ??= Open(_impatient);
            var result = beat(_beating);
            whole = true;
            if (_away)
            {
                _away = false;
                SharedLog.Back(_logger);
            }

            return result;
        }
        catch (NpgsqlException fault)
        {
            throw Translate(DavPath.Root, fault, isGone: true);
        }
        finally
        {
            if (!whole)
            {
                _beating?.Dispose();
                _beating = null;
            }
        }
    }

    /// <summary>Forgets the connections of a seat that was lost.</summary>
    public void Drop()
    {
        _beating?.Dispose();
        _beating = null;
        _workers.Renew();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _workers.Dispose();
        _beating?.Dispose();
        await _source.DisposeAsync();
        await _patient.DisposeAsync();
        await _impatient.DisposeAsync();
        _paying.Dispose();
    }

    private static T Commit<T>(StateSession session, string seat, Func<StateSession, T> write)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var transaction = session.Connection.BeginTransaction();
            try
            {
                Require(session, seat);
                var result = write(session);
                session.IsCommitting = true;
                transaction.Commit();
                session.IsCommitting = false;
                return result;
            }
            catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.DeadlockDetected && attempt < MostAttempts)
            {
                transaction.Rollback();
            }
        }
    }

    // What was begun under a seat that is lost cannot be finished under the next one.
    private static void Require(StateSession session, string seat)
    {
        using var row = session.Query(Fence, ("@server", seat));
        if (!row.Read() || session.Server != seat)
        {
            throw new StoreException(StoreFault.Superseded, DavPath.Root, "another server has taken over from this one");
        }
    }

    private async ValueTask<T> TurnAsync<T>(DavPath about, Func<StateSession, T> work, CancellationToken cancellation)
    {
        RequireThere(about);
        return await _workers.RunAsync(connection => Run(connection, about, work), cancellation);
    }

    private T Run<T>(SharedWorkers.Connection connection, DavPath about, Func<StateSession, T> work)
    {
        while (true)
        {
            RequireThere(about); // It may have gone while others tried.
            var old = connection.IsOld;
            StateSession? session = null;
            var whole = false;
            try
            {
                session = connection.Open();
                var result = work(session);
                whole = true;
                return result;
            }
            catch (NpgsqlException lost) when (old && IsLost(lost) && !IsSlow(lost) && session is { IsCommitting: false })
            {
                // PostgreSQL may have been started anew since the connection was used last: nothing was done with it now.
                _workers.Renew();
            }
            catch (NpgsqlException fault)
            {
                throw Translate(about, fault, isGone: !IsSlow(fault));
            }
            finally
            {
                if (!whole)
                {
                    connection.Dispose();
                }
            }
        }
    }

    private StateSession Open(NpgsqlDataSource source)
    {
        var seat = _seat.Name;
        var connection = source.OpenConnection();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = Introduce;
            command.Parameters.AddWithValue("@server", seat);
            command.ExecuteNonQuery();
            return new StateSession(connection, prepares: false) { Server = seat };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes what is owed, which comes before all that is new. One pays at a time; the others wait.</summary>
    /// <exception cref="StoreException">PostgreSQL is away.</exception>
    public async ValueTask PayAsync(CancellationToken cancellation)
    {
        if (_owed.IsEmpty)
        {
            return;
        }

        await _paying.WaitAsync(cancellation);
        try
        {
            while (_owed.TryPeek(out var debt))
            {
                try
                {
                    await TurnAsync(debt.About, session => Commit(session, debt.Seat, Obliged(debt.Work)), CancellationToken.None);
                }
                catch (StoreException lost) when (lost.Fault == StoreFault.Superseded)
                {
                    // Whoever has taken over has paid.
                }

                _owed.TryDequeue(out _);
            }
        }
        finally
        {
            _paying.Release();
        }
    }

    private static Func<StateSession, bool> Obliged(Action<StateSession> work) => session =>
    {
        work(session);
        return true;
    };

    private void RequireThere(DavPath about)
    {
        if (_away)
        {
            throw new StoreException(StoreFault.Unavailable, about, "PostgreSQL is away");
        }
    }

    // Also a database that only reads, as a standby does that clients were sent to too early, and a transaction that this server has slept in.
    private static bool IsLost(NpgsqlException fault) => fault is not PostgresException said
        || said.SqlState is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction
            or IdleInTransaction
        || said.SqlState.StartsWith("08", StringComparison.Ordinal)
        || said.SqlState.StartsWith("57P", StringComparison.Ordinal);

    // One statement that takes too long may wait for another's lock: whether PostgreSQL is gone, the heart finds out.
    private static bool IsSlow(NpgsqlException fault) => fault.InnerException is TimeoutException;

    private StoreException Translate(DavPath about, NpgsqlException fault, bool isGone)
    {
        if (!IsLost(fault))
        {
            var kind = fault.SqlState is PostgresErrorCodes.DiskFull ? StoreFault.NoSpace : StoreFault.InputOutput;
            return new StoreException(kind, about, fault.Message, fault);
        }

        if (!isGone)
        {
            return new StoreException(StoreFault.Unavailable, about, fault.Message, fault);
        }

        if (!_away)
        {
            _away = true;
            SharedLog.Away(_logger, fault);
        }

        _workers.Renew();
        return new StoreException(StoreFault.Unavailable, about, fault.Message, fault);
    }
}
