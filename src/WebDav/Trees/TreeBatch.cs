using WebDav.Scheduling;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>Files that are treated one after the other, beside what else the operation does; they are begun at once.</summary>
internal sealed class TreeBatch<T>
{
    private readonly Lock _gate = new();
    private readonly Task _working;
    private List<T> _told = [];

    /// <summary>Begins.</summary>
    public TreeBatch(List<Entry> files, Func<Entry, IAsyncEnumerable<T>> work, TreeControl control) =>
        _working = Task.Factory.StartNew(
            () => WorkAsync(files, work, control), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    /// <summary>Whether all is done and told.</summary>
    public bool IsTold { get; private set; }

    /// <summary>What was done since this was asked last; waits for a moment.</summary>
    public async ValueTask<IReadOnlyList<T>> TellAsync()
    {
        await Moment.WaitAsync(_working);
        if (_working.IsCompleted)
        {
            await _working;
            IsTold = true;
        }

        return Take();
    }

    /// <summary>What was done since this was asked last.</summary>
    public IReadOnlyList<T> Take()
    {
        lock (_gate)
        {
            var told = _told;
            _told = [];
            return told;
        }
    }

    /// <summary>Waits for the end, whatever it is.</summary>
    public async ValueTask EndAsync() => await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WorkAsync(List<Entry> files, Func<Entry, IAsyncEnumerable<T>> work, TreeControl control)
    {
        foreach (var file in files)
        {
            await control.PassAsync();
            await foreach (var step in work(file))
            {
                lock (_gate)
                {
                    _told.Add(step);
                }
            }
        }
    }
}
