using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>Resources being removed, some beside each other. Disposed, it holds nothing more; what is removed stays removed.</summary>
public interface IRemoval : IDisposable
{
    /// <summary>Removes one file, one link (never what it points to), or one collection that has no members left.</summary>
    /// <exception cref="StoreException"><see cref="StoreFault.NotEmpty"/> where members are left.</exception>
    ValueTask RemoveAsync(DavPath path, CancellationToken cancellation);
}
