using System.Collections.Concurrent;
using System.Data.Common;

namespace WebDav.State;

/// <summary>Connections for reading, which in WAL mode neither wait for the writer nor make it wait.</summary>
/// <remarks>
/// A read is synchronous from its first row to its last, so there are never more at once than threads that run: nothing has to
/// wait for a connection, and a few are kept with their prepared commands.
/// </remarks>
internal sealed class StateReaders(Func<DbConnection> open) : IDisposable
{
    private const int MostKept = 8;

    private readonly ConcurrentQueue<StateSession> _idle = new();
    private volatile bool _disposed;

    public T Run<T>(Func<StateSession, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryDequeue(out var session))
        {
            session = new StateSession(open());
        }

        var whole = false;
        try
        {
            var result = read(session);
            whole = true;
            return result;
        }
        finally
        {
            if (whole && !_disposed && _idle.Count < MostKept)
            {
                _idle.Enqueue(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryDequeue(out var session))
        {
            session.Dispose();
        }
    }
}
