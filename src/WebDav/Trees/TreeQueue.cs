using System.Runtime.ExceptionServices;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>
/// What an operation on a tree has still to do and to tell, in the order of its walk. Files are treated meanwhile, some collections
/// beside each other: making or removing files keeps one processor busy, and the others idle.
/// </summary>
/// <typeparam name="T">What is told.</typeparam>
/// <param name="work">Treats a file.</param>
/// <param name="control">Holds and ends the work.</param>
internal sealed class TreeQueue<T>(Func<Entry, IAsyncEnumerable<T>> work, TreeControl control) : IAsyncDisposable
{
    // As a rule those of one collection: a file system lets only one at a time make or remove something in it.
    private const int MostFiles = 128;
    private const long MostBytes = 4 << 20;
    private const int MostSteps = 1000;

    private static readonly int s_mostBatches = Math.Clamp(Environment.ProcessorCount, 2, 8);
    private readonly Queue<(TreeBatch<T>? Batch, Func<ValueTask<IReadOnlyList<T>>>? Then)> _steps = new();
    private List<Entry> _files = [];
    private long _bytes;
    private int _batches;

    // Whether something can be told at once, or has to be waited for, because as much is under way as may be.
    private bool IsDue => _steps.Count > 0 && (_batches == 0 || _batches >= s_mostBatches || _steps.Count >= MostSteps);

    /// <summary>Adds what there is to tell.</summary>
    public void Add(IReadOnlyList<T> told) => Add(() => ValueTask.FromResult(told));

    /// <summary>Adds what is to be done when all that was added before has been done and told.</summary>
    public void Add(Func<ValueTask<IReadOnlyList<T>>> then)
    {
        Flush();
        _steps.Enqueue((null, then));
    }

    /// <summary>Adds a file.</summary>
    public void Add(Entry file)
    {
        _files.Add(file);
        _bytes += file.Length;
        if (_files.Count == MostFiles || _bytes >= MostBytes)
        {
            Flush();
        }
    }

    /// <summary>What there is to tell before more can be added.</summary>
    public IAsyncEnumerable<T> DueAsync() => TellAsync(() => IsDue);

    /// <summary>All that there is to tell, until nothing is left.</summary>
    public IAsyncEnumerable<T> RestAsync()
    {
        Flush();
        return TellAsync(() => _steps.Count > 0);
    }

    /// <summary>Ends when nothing is under way any more.</summary>
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

    private async IAsyncEnumerable<T> TellAsync(Func<bool> goesOn)
    {
        while (goesOn())
        {
            ExceptionDispatchInfo? failure = null;
            IReadOnlyList<T> next;
            try
            {
                next = await NextAsync();
            }
            catch (Exception end)
            {
                failure = ExceptionDispatchInfo.Capture(end);
                next = await LastAsync();
            }

            foreach (var told in next)
            {
                yield return told;
            }

            failure?.Throw();
        }
    }

    // What was done when it has come to an early end, and was not told yet.
    private async ValueTask<IReadOnlyList<T>> LastAsync()
    {
        await DisposeAsync();
        return [.. _steps.SelectMany(step => step.Batch?.Take() ?? [])];
    }

    // Begins what was added last; else it waits for more.
    private void Flush()
    {
        if (_files.Count > 0)
        {
            _steps.Enqueue((new TreeBatch<T>(_files, work, control), null));
            _batches++;
            (_files, _bytes) = ([], 0);
        }
    }

    // Of the first step; of a batch perhaps nothing yet.
    private async ValueTask<IReadOnlyList<T>> NextAsync()
    {
        var (batch, then) = _steps.Peek();
        if (batch is null)
        {
            _steps.Dequeue();
            return await then!();
        }

        var told = await batch.TellAsync();
        if (batch.IsTold)
        {
            _steps.Dequeue();
            _batches--;
        }

        return told;
    }
}
