using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>
/// What a copy of a tree has still to do and to tell, in the order of its walk. Small files are copied meanwhile, some collections
/// beside each other: making files keeps one processor busy, and the others idle.
/// </summary>
/// <param name="copy">Copies a file to a path.</param>
/// <param name="cancellation">Ends the copying.</param>
internal sealed class CopyQueue(Func<Entry, DavPath, IAsyncEnumerable<TreeEvent>> copy, CancellationToken cancellation) : IAsyncDisposable
{
    /// <summary>A file of more bytes is copied on its own, and each chunk of it told.</summary>
    public const long MostBytes = 256 * 1024;

    // As a rule those of one collection: a file system lets only one at a time make something in it.
    private const int MostFiles = 128;
    private const long MostBytesTogether = 4 << 20;
    private const int MostSteps = 1000;

    private static readonly int s_mostBatches = Math.Min(Environment.ProcessorCount, 8);
    private readonly Queue<(CopyBatch? Batch, Func<ValueTask<IReadOnlyList<TreeEvent>>>? Then)> _steps = new();
    private List<(Entry Source, DavPath Path)> _files = [];
    private long _bytes;
    private int _batches;

    /// <summary>Whether something can be told at once, or has to be waited for, because as much is under way as may be.</summary>
    public bool IsDue => _steps.Count > 0 && (_batches == 0 || _batches >= s_mostBatches || _steps.Count >= MostSteps);

    /// <summary>Adds events.</summary>
    public void Add(IReadOnlyList<TreeEvent> told) => Add(() => ValueTask.FromResult(told));

    /// <summary>Adds what is to be done when all that was added before has been.</summary>
    public void Add(Func<ValueTask<IReadOnlyList<TreeEvent>>> then)
    {
        Flush();
        _steps.Enqueue((null, then));
    }

    /// <summary>Adds a small file.</summary>
    public void Add(Entry source, DavPath path)
    {
        _files.Add((source, path));
        _bytes += source.Length;
        if (_files.Count == MostFiles || _bytes >= MostBytesTogether)
        {
            Flush();
        }
    }

    /// <summary>Begins to copy what was added last; else it waits for more.</summary>
    public void Flush()
    {
        if (_files.Count > 0)
        {
            _steps.Enqueue((new CopyBatch(_files, copy, cancellation), null));
            _batches++;
            (_files, _bytes) = ([], 0);
        }
    }

    /// <summary>What there is to tell of the next thing that was begun, perhaps nothing yet; null when there is none left.</summary>
    public async ValueTask<IReadOnlyList<TreeEvent>?> NextAsync()
    {
        if (!_steps.TryPeek(out var step))
        {
            return null;
        }

        if (step.Batch is not { } batch)
        {
            _steps.Dequeue();
            return await step.Then!();
        }

        var told = await batch.TellAsync();
        if (batch.IsTold)
        {
            _steps.Dequeue();
            _batches--;
        }

        return told;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (batch, _) in _steps)
        {
            if (batch is not null)
            {
                await batch.EndAsync();
            }
        }
    }
}
