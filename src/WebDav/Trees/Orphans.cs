using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>Forgets the dead properties of resources that are not there, below the root of an operation that may not have reached all of them.</summary>
internal static class Orphans
{
    public static async ValueTask RemoveAsync(IStore store, IDeadProperties properties, DavPath tree, CancellationToken cancellation)
    {
        await foreach (var path in properties.ListAsync(tree, cancellation))
        {
            if (await IsGoneAsync(store, path, cancellation))
            {
                await properties.DeleteAsync(path, cancellation);
            }
        }
    }

    /// <summary>Whether a resource is known not to be there; one that cannot be looked up, as in a closed directory, may be.</summary>
    public static async ValueTask<bool> IsGoneAsync(IStore store, DavPath path, CancellationToken cancellation)
    {
        try
        {
            return await store.FindAsync(path, cancellation) is null;
        }
        catch (StoreException)
        {
            return false;
        }
    }
}
