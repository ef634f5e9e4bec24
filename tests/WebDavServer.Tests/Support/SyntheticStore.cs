using System.Runtime.CompilerServices;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Support;

/// <summary>A large tree that is nowhere: collections in the root, each with as many files, made up as they are asked for.</summary>
internal sealed class SyntheticStore(int collections, int files) : IStore
{
    private static readonly DateTimeOffset Modified = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private int _pulled;

    /// <summary>Members that were asked for so far.</summary>
    public int Pulled => Volatile.Read(ref _pulled);

    /// <summary>Is called before each member is given, with how many were before it.</summary>
    public Func<int, Task> Giving { get; set; } = _ => Task.CompletedTask;

    /// <inheritdoc/>
    public int MaximumNameBytes => 255;

    /// <inheritdoc/>
    public ValueTask<Entry?> FindAsync(DavPath path, CancellationToken cancellation) => ValueTask.FromResult<Entry?>(path.Level < 2 ? Collection(path) : File(path));

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ListAsync(DavPath collection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int i = 0; i < (collection.IsRoot ? collections : files); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            await Giving(_pulled++);
            yield return collection.IsRoot ? Collection(collection.Child($"collection {i}")) : File(collection.Child($"file {i}"));
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreSpace> SpaceAsync(DavPath path, CancellationToken cancellation) => ValueTask.FromResult(new StoreSpace(1, 1));

    /// <inheritdoc/>
    public ValueTask<IContent> OpenAsync(DavPath path, CancellationToken cancellation) => throw Refused(path);

    /// <inheritdoc/>
    public ValueTask ChangeAsync(DavPath path, EntryChange change, CancellationToken cancellation) => throw Refused(path);

    /// <inheritdoc/>
    public ValueTask<IUpload> UploadAsync(DavPath path, CancellationToken cancellation) => throw Refused(path);

    /// <inheritdoc/>
    public ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation) => throw Refused(path);

    /// <inheritdoc/>
    public ValueTask<IStagedTree> StageTreeAsync(DavPath destination, bool keepTimes, CancellationToken cancellation) => throw Refused(destination);

    /// <inheritdoc/>
    public ValueTask<IDisplaced?> RenameAsync(DavPath source, DavPath destination, bool replace, CancellationToken cancellation) => throw Refused(source);

    /// <inheritdoc/>
    public IRemoval BeginRemoval() => throw Refused(DavPath.Root);

    /// <inheritdoc/>
    public ValueTask<StoreFault?> CheckWritableAsync(Entry entry, CancellationToken cancellation) => ValueTask.FromResult<StoreFault?>(StoreFault.Denied);

    private static Entry Collection(DavPath path) => new(path, EntryKind.Collection, 0, Modified, Modified, new ETag("c"));

    private static Entry File(DavPath path) => new(path, EntryKind.File, 1, Modified, Modified, new ETag("f"));

    private static StoreException Refused(DavPath path) => new(StoreFault.Denied, path, "nothing can be done with it but to list it");
}
