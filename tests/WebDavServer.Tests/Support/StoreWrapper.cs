using Microsoft.Extensions.DependencyInjection;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Support;

/// <summary>The server's store, for a test that changes something about it.</summary>
internal abstract class StoreWrapper(IStore store) : IStore, IDisposable
{
    /// <inheritdoc/>
    public int MaximumNameBytes => store.MaximumNameBytes;

    /// <summary>Puts a wrapper around the store that is among the services of a server.</summary>
    public static void AddTo<T>(IServiceCollection services, Func<IStore, T> wrap)
        where T : class, IStore
    {
        ServiceDescriptor real = services.Last(service => service.ServiceType == typeof(IStore));
        services.AddSingleton(provider => wrap((IStore)real.ImplementationFactory!(provider)));
        services.AddSingleton<IStore>(provider => provider.GetRequiredService<T>());
    }

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<Entry> ListAsync(DavPath collection, CancellationToken cancellation) => store.ListAsync(collection, cancellation);

    /// <inheritdoc/>
    public ValueTask<Entry?> FindAsync(DavPath path, CancellationToken cancellation) => store.FindAsync(path, cancellation);

    /// <inheritdoc/>
    public ValueTask<IContent> OpenAsync(DavPath path, CancellationToken cancellation) => store.OpenAsync(path, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IUpload> UploadAsync(DavPath path, CancellationToken cancellation) => store.UploadAsync(path, cancellation);

    /// <inheritdoc/>
    public ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation) => store.MakeCollectionAsync(path, cancellation);

    /// <inheritdoc/>
    public ValueTask<IStagedTree> StageTreeAsync(DavPath destination, bool keepTimes, CancellationToken cancellation) =>
        store.StageTreeAsync(destination, keepTimes, cancellation);

    /// <inheritdoc/>
    public ValueTask<IDisplaced?> RenameAsync(DavPath source, DavPath destination, bool replace, CancellationToken cancellation) =>
        store.RenameAsync(source, destination, replace, cancellation);

    /// <inheritdoc/>
    public IRemoval BeginRemoval() => store.BeginRemoval();

    /// <inheritdoc/>
    public ValueTask ChangeAsync(DavPath path, EntryChange change, CancellationToken cancellation) => store.ChangeAsync(path, change, cancellation);

    /// <inheritdoc/>
    public ValueTask<StoreFault?> CheckWritableAsync(Entry entry, CancellationToken cancellation) => store.CheckWritableAsync(entry, cancellation);

    /// <inheritdoc/>
    public ValueTask<StoreSpace> SpaceAsync(DavPath path, CancellationToken cancellation) => store.SpaceAsync(path, cancellation);

    /// <inheritdoc/>
    public void Dispose() => (store as IDisposable)?.Dispose();
}
