using System.Runtime.CompilerServices;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Support;

/// <summary>A store in which the collections of one name cannot be listed, as one without permissions: tests may run as root.</summary>
internal sealed class UnlistableStore(IStore store, string name) : StoreWrapper(store)
{
    /// <inheritdoc/>
    public override async IAsyncEnumerable<Entry> ListAsync(DavPath collection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (collection.Name == name)
        {
            throw new StoreException(StoreFault.Denied, collection, "made so by a test");
        }

        await foreach (Entry entry in base.ListAsync(collection, cancellation))
        {
            yield return entry;
        }
    }
}
