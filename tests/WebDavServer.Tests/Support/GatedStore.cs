using System.Runtime.CompilerServices;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Support;

/// <summary>A store whose listings stop after so many members, all counted together, until the test lets them go on.</summary>
internal sealed class GatedStore(IStore store, int members) : StoreWrapper(store)
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _listed;

    /// <summary>Lets all listings go on.</summary>
    public void Open() => _open.TrySetResult();

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Entry> ListAsync(DavPath collection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Entry entry in base.ListAsync(collection, cancellation))
        {
            if (Interlocked.Increment(ref _listed) > members)
            {
                await _open.Task.WaitAsync(cancellation);
            }

            yield return entry;
        }
    }
}
