using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace WebDav.State;

/// <summary>
/// The one writer of the database. Units of work that wait at the same time share one transaction, and so one commit: what a
/// commit costs is paid once for many, and every caller's own is in the database before it is told so.
/// </summary>
/// <param name="connection">The connection, used by nothing else; closed with the writer.</param>
/// <param name="committed">Told after each commit, before any caller is, how many rows of dead properties it added.</param>
internal sealed class StateWriter(DbConnection connection, Action<long> committed) : IAsyncDisposable
{
    /// <summary>Most units in one transaction, so that the first of many does not wait for all of them.</summary>
    private const int MostAtOnce = 256;

    private const string Savepoint = "unit";

    private readonly StateSession _session = new(connection);
    private readonly Channel<WriteUnit> _queue = Channel.CreateUnbounded<WriteUnit>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<Action<StateSession>> _owed = new();
    private Task _loop = Task.CompletedTask;
    private int _queued;

    /// <summary>Units that wait for their turn.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Commits so far.</summary>
    public long Commits { get; private set; }

    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Has work written; the task ends when it is committed.</summary>
    /// <exception cref="ObjectDisposedException">The database is closed.</exception>
    public Task RunAsync(Action<StateSession> work, CancellationToken cancellation)
    {
        var unit = new WriteUnit(work, cancellation);
        Interlocked.Increment(ref _queued);
        if (!_queue.Writer.TryWrite(unit))
        {
            Interlocked.Decrement(ref _queued);
            ObjectDisposedException.ThrowIf(condition: true, this);
        }

        return unit.Done;
    }

    /// <summary>Has work written before any that comes from now on, with the first of that which can be.</summary>
    public void Owe(Action<StateSession> work) => _owed.Enqueue(work);

    /// <summary>Writes what is still waiting, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _session.Dispose();
    }

    private async Task LoopAsync()
    {
        var batch = new List<WriteUnit>(MostAtOnce);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostAtOnce && _queue.Reader.TryRead(out var unit))
            {
                Interlocked.Decrement(ref _queued);
                if (unit.TryBegin())
                {
                    batch.Add(unit);
                }
            }

            if (batch.Count > 0)
            {
                Write(batch);
                batch.Clear();
            }
        }
    }

    private void Write(List<WriteUnit> batch)
    {
        var rows = 0L;
        var written = new List<WriteUnit>(batch.Count);
        try
        {
            using var transaction = connection.BeginTransaction();
            _session.Transaction = transaction;
            _session.PropertyRows = 0;
            var owed = _owed.ToArray();
            foreach (var work in owed)
            {
                work(_session); // Nothing that comes later is written before it.
            }

            rows = _session.PropertyRows;
            foreach (var unit in batch)
            {
                if (TryRun(unit, transaction))
                {
                    rows += _session.PropertyRows;
                    written.Add(unit);
                }
            }

            transaction.Commit();
            Commits++;
            for (var paid = 0; paid < owed.Length; paid++)
            {
                _owed.TryDequeue(out var _);
            }
        }
        catch (Exception failure)
        {
            // Whatever it was, nothing of this transaction is kept; the next one gets its own chance.
            batch.ForEach(unit => unit.Fail(failure));
            return;
        }
        finally
        {
            _session.Transaction = null;
        }

        committed(rows);
        written.ForEach(unit => unit.Complete());
    }

    private bool TryRun(WriteUnit unit, DbTransaction transaction)
    {
        _session.PropertyRows = 0;
        transaction.Save(Savepoint);
        try
        {
            unit.Run(_session);
            transaction.Release(Savepoint);
            return true;
        }
        catch (Exception failure)
        {
            unit.Fail(failure);
            try
            {
                transaction.Rollback(Savepoint);
                transaction.Release(Savepoint);
            }
            catch (Exception)
            {
                // SQLite itself ends the whole transaction on faults such as a full disk: the others must learn of that one.
                ExceptionDispatchInfo.Throw(failure);
            }

            return false;
        }
    }
}
