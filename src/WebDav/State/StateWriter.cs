using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.ExceptionServices;

namespace WebDav.State;

/// <summary>
/// The one writer of the database. Who finds it idle writes on its own thread; what comes meanwhile shares the next transaction, and
/// so one commit: what a commit costs is paid once for many, and every caller's own is in the database before it is told so.
/// </summary>
/// <param name="connection">The connection, used by nothing else; closed with the writer.</param>
/// <param name="committed">Told after each commit, before any caller is, how many rows of dead properties it added.</param>
internal sealed class StateWriter(DbConnection connection, Action<long> committed) : IAsyncDisposable
{
    /// <summary>Most units in one transaction, so that the first of many does not wait for all of them.</summary>
    private const int MostAtOnce = 256;

    private const string Begin = "BEGIN IMMEDIATE";

    private const string Commit = "COMMIT";

    private const string RollBack = "ROLLBACK";

    private const string BeginUnit = "SAVEPOINT unit";

    private const string CommitUnit = "RELEASE unit";

    private const string RollBackUnit = "ROLLBACK TO unit";

    private readonly StateSession _session = new(connection);
    private readonly Lock _gate = new();
    private readonly Queue<WriteUnit> _queue = new();
    private readonly ConcurrentQueue<Action<StateSession>> _owed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>Units that wait for their turn.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Whether work is owed.</summary>
    public bool Owes => !_owed.IsEmpty;

    /// <summary>Commits so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Has work written; the task ends when it is committed.</summary>
    /// <exception cref="ObjectDisposedException">The database is closed.</exception>
    public Task RunAsync(Action<StateSession> work, CancellationToken cancellation)
    {
        var unit = new WriteUnit(work, cancellation);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _queue.Enqueue(unit);
            if (_isWriting)
            {
                return unit.Done;
            }

            _isWriting = true;
        }

        WriteNext();
        return unit.Done;
    }

    /// <summary>Has work written before any that comes from now on, with the first of that which can be.</summary>
    public void Owe(Action<StateSession> work) => _owed.Enqueue(work);

    /// <summary>Writes what is still waiting, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (!_isWriting)
            {
                _ended.TrySetResult();
            }
        }

        await _ended.Task;
        _session.Dispose();
    }

    /// <summary>Writes what waits now. What has come until then is left to a thread of its own: nobody writes for others without end.</summary>
    private void WriteNext()
    {
        var batch = TakeBatch();
        if (batch.Count > 0)
        {
            Write(batch);
        }

        lock (_gate)
        {
            if (_queue.Count == 0)
            {
                _isWriting = false;
                if (_isClosed)
                {
                    _ended.TrySetResult();
                }

                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.WriteNext(), this, preferLocal: false);
    }

    private List<WriteUnit> TakeBatch()
    {
        lock (_gate)
        {
            var batch = new List<WriteUnit>(Math.Min(_queue.Count, MostAtOnce));
            while (batch.Count < MostAtOnce && _queue.TryDequeue(out var unit))
            {
                if (unit.TryBegin())
                {
                    batch.Add(unit);
                }
            }

            return batch;
        }
    }

    private void Write(List<WriteUnit> batch)
    {
        var owed = _owed.ToArray();
        var written = batch;
        long rows;
        try
        {
            _session.Execute(Begin);
            _session.PropertyRows = 0;
            if (owed.Length == 0 && batch is [var only])
            {
                only.Run(_session); // If it fails, so does the transaction: there is nothing else in it.
                rows = _session.PropertyRows;
            }
            else
            {
                (written, rows) = RunAll(owed, batch);
            }

            _session.Execute(Commit);
        }
        catch (Exception failure)
        {
            // Whatever it was, nothing of this transaction is kept; the next one gets its own chance.
            Abandon();
            batch.ForEach(unit => unit.Fail(failure));
            return;
        }

        Commits++;
        for (var paid = 0; paid < owed.Length; paid++)
        {
            _owed.TryDequeue(out _);
        }

        committed(rows);
        written.ForEach(unit => unit.Complete());
    }

    /// <summary>Runs what is owed, which nothing that comes later may overtake, and then the units, each of them whole or not at all.</summary>
    /// <returns>The units that were not refused, and how many rows of dead properties all of it adds.</returns>
    private (List<WriteUnit> Written, long Rows) RunAll(Action<StateSession>[] owed, List<WriteUnit> batch)
    {
        foreach (var work in owed)
        {
            work(_session);
        }

        var rows = _session.PropertyRows;
        var written = new List<WriteUnit>(batch.Count);
        foreach (var unit in batch)
        {
            if (TryRun(unit))
            {
                rows += _session.PropertyRows;
                written.Add(unit);
            }
        }

        return (written, rows);
    }

    private bool TryRun(WriteUnit unit)
    {
        _session.PropertyRows = 0;
        _session.Execute(BeginUnit);
        try
        {
            unit.Run(_session);
            _session.Execute(CommitUnit);
            return true;
        }
        catch (Exception failure)
        {
            unit.Fail(failure);
            try
            {
                _session.Execute(RollBackUnit);
                _session.Execute(CommitUnit);
            }
            catch (DbException)
            {
                // SQLite itself ends the whole transaction on faults such as a full disk: the others must learn of that one.
                ExceptionDispatchInfo.Throw(failure);
            }

            return false;
        }
    }

    private void Abandon()
    {
        try
        {
            _session.Execute(RollBack);
        }
        catch (DbException)
        {
            // There is none any more: it did not begin, or SQLite has ended it.
        }
    }
}
