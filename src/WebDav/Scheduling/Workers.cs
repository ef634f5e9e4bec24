using System.Collections.Concurrent;

namespace WebDav.Scheduling;

/// <summary>
/// Where long work on files runs: operations on trees, deep walks, whole files that are copied. The file system is called
/// synchronously, so such work holds a thread for as long as a disk takes: here it holds few, however much of it there is, and the
/// rest of the pool is left to small requests. Each file system has its own few, so that one that hangs does not stop the others.
/// Work that waits, for a client, the database or the end of a pause, holds none; it goes on here, in turn with the rest.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="count">How much of it is at work at once on one file system.</param>
internal sealed class Workers(TimeProvider time, int count = Workers.Count)
{
    // Many for the processors, as most of it waits for disks.
    private const int Count = 16;

    // What awaits within such work comes back to the scheduler, too, at the end of its queue: that is what makes turns fair.
    private readonly ConcurrentDictionary<ulong, FewThreads> _threads = new();

    /// <summary>Runs work here, when its turn comes.</summary>
    /// <param name="fileSystem">Where most of it is done.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Ends the wait for its first turn; from there on, the work has to look at it itself.</param>
    public Task<T> RunAsync<T>(ulong fileSystem, Func<Task<T>> work, CancellationToken cancellation)
    {
        // Not by a factory: the tasks that it makes see that they are cancelled only when their turn comes.
        var turn = new Task<Task<T>>(work, cancellation, TaskCreationOptions.DenyChildAttach);
        try
        {
            turn.Start(_threads.GetOrAdd(fileSystem, static (_, count) => new FewThreads(count), count));
        }
        catch (InvalidOperationException) when (turn.IsCanceled)
        {
            // It was cancelled before it was here, and has ended as that.
        }

        return turn.Unwrap();
    }

    /// <summary>Begins the turn of work that runs here.</summary>
    public Turn BeginTurn() => new(time);
}
