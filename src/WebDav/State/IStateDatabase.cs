using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State;

/// <summary>What the server must not forget: locks, dead properties, moves that are under way. What is confirmed by returning is kept.</summary>
internal interface IStateDatabase : IAsyncDisposable
{
    /// <summary>Whether it is known without a query that no resource has a dead property.</summary>
    bool HasNoProperties { get; }

    /// <summary>Whether something is owed: what is read may be older than that.</summary>
    bool Owes { get; }

    /// <summary>Writes that wait for their turn.</summary>
    int Queued { get; }

    /// <summary>Reads, without waiting for writers.</summary>
    /// <param name="about">The resource that it is about, for the fault.</param>
    /// <param name="read">Reads all it needs before it returns.</param>
    /// <param name="cancellation">Ends it before it begins.</param>
    /// <exception cref="StoreException">The database could not be read.</exception>
    ValueTask<T> ReadAsync<T>(DavPath about, Func<StateSession, T> read, CancellationToken cancellation);

    /// <summary>Writes, all or nothing; it is committed when this returns.</summary>
    /// <param name="about">The resource that it is about, for the fault.</param>
    /// <param name="write">The statements, which may run more than once if they could not be committed.</param>
    /// <param name="cancellation">Takes the work back if it has not begun; once it has, its end is awaited.</param>
    /// <exception cref="StoreException">Nothing was written, or, where the database went away in the middle, that is not known.</exception>
    ValueTask<T> WriteAsync<T>(DavPath about, Func<StateSession, T> write, CancellationToken cancellation);

    /// <inheritdoc cref="WriteAsync{T}"/>
    ValueTask WriteAsync(DavPath about, Action<StateSession> write, CancellationToken cancellation);

    /// <summary>
    /// Writes what follows from a deed that is done: what cannot be written now is written later, before anything else. Who must
    /// know of it after the end of the server has noted that before.
    /// </summary>
    ValueTask OweAsync(DavPath about, Action<StateSession> write, CancellationToken cancellation);

    /// <summary>Writes what is there already, so that it is seen whether it can be written.</summary>
    /// <exception cref="StoreException">It cannot.</exception>
    ValueTask ProbeAsync();
}
