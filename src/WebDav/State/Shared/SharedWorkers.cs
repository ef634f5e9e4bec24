using System.Collections.Concurrent;

namespace WebDav.State.Shared;

/// <summary>
/// Threads that wait for PostgreSQL, each with a connection of its own, so that no thread of the pool does: those are needed by what
/// tells a waiting connection that its answer has come.
/// </summary>
/// <param name="most">How many at most; they are started as they are needed.</param>
/// <param name="open">Opens a connection.</param>
internal sealed class SharedWorkers(int most, Func<StateSession> open) : IDisposable
{
    private readonly BlockingCollection<Action<SharedWorkers.Connection>> _work = [];
    private readonly Lock _gate = new();
    private readonly List<Thread> _threads = [];
    private int _idle;
    private int _epoch;

    /// <summary>Work that waits for its turn.</summary>
    public int Queued => _work.Count;

    /// <summary>Has work done on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<Connection, T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(
            connection =>
            {
                if (cancellation.IsCancellationRequested)
                {
                    done.SetCanceled(cancellation);
                    return;
                }

                try
                {
                    done.SetResult(work(connection));
                }
                catch (Exception failure)
                {
                    done.SetException(failure);
                }
            },
            CancellationToken.None);
        StartIfNeeded();
        return done.Task;
    }

    /// <summary>Lets each connection be opened anew before it is used again.</summary>
    public void Renew() => Interlocked.Increment(ref _epoch);

    /// <inheritdoc/>
    public void Dispose()
    {
        _work.CompleteAdding();
        Thread[] threads;
        lock (_gate)
        {
            threads = [.. _threads];
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        _work.Dispose();
    }

    private void StartIfNeeded()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _idle) >= _work.Count || _threads.Count == most)
            {
                return;
            }

            var thread = new Thread(Loop) { IsBackground = true, Name = "PostgreSQL" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private void Loop()
    {
        using var connection = new Connection(this);
        Interlocked.Increment(ref _idle);
        foreach (var work in _work.GetConsumingEnumerable())
        {
            Interlocked.Decrement(ref _idle);
            work(connection);
            Interlocked.Increment(ref _idle);
        }
    }

    /// <summary>The connection of one thread.</summary>
    internal sealed class Connection(SharedWorkers workers) : IDisposable
    {
        private StateSession? _session;
        private int _opened;

        /// <summary>Whether it is open since before: then it may have been lost meanwhile.</summary>
        public bool IsOld => _session is not null && _opened == Volatile.Read(ref workers._epoch);

        /// <summary>The connection, opened if need be.</summary>
        public StateSession Open()
        {
            if (!IsOld)
            {
                Dispose();
                _opened = Volatile.Read(ref workers._epoch);
                _session = workers.OpenOne();
            }

            return _session!;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _session?.Dispose();
            _session = null;
        }
    }

    private StateSession OpenOne() => open();
}
