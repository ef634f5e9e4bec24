using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>Small files that are copied one after the other, beside what else the copy does; they are begun at once.</summary>
internal sealed class CopyBatch
{
    private readonly Lock _gate = new();
    private readonly Task _copying;
    private List<TreeEvent> _told = [];

    /// <summary>Begins.</summary>
    public CopyBatch(List<(Entry Source, DavPath Path)> files, Func<Entry, DavPath, IAsyncEnumerable<TreeEvent>> copy, CancellationToken cancellation) =>
        _copying = Task.Factory.StartNew(
            () => CopyAsync(files, copy, cancellation), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    /// <summary>Whether all is copied and told.</summary>
    public bool IsTold { get; private set; }

    /// <summary>What was done since this was asked last; waits for a moment.</summary>
    public async ValueTask<IReadOnlyList<TreeEvent>> TellAsync()
    {
        await Moment.WaitAsync(_copying);
        if (_copying.IsCompleted)
        {
            await _copying;
            IsTold = true;
        }

        lock (_gate)
        {
            var told = _told;
            _told = [];
            return told;
        }
    }

    /// <summary>Waits for the end, whatever it is.</summary>
    public async ValueTask EndAsync() => await _copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task CopyAsync(
        List<(Entry Source, DavPath Path)> files, Func<Entry, DavPath, IAsyncEnumerable<TreeEvent>> copy, CancellationToken cancellation)
    {
        foreach (var (source, path) in files)
        {
            cancellation.ThrowIfCancellationRequested();
            await foreach (var step in copy(source, path))
            {
                lock (_gate)
                {
                    _told.Add(step);
                }
            }
        }
    }
}
