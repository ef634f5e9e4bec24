using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Access;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.State;
using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Trees;

/// <summary>The tree operations over a real directory, with a store that can be told to fail.</summary>
internal sealed class TreeBench : IAsyncDisposable
{
    private readonly StateDatabase _database = StateDatabase.InMemory();

    public TreeBench()
    {
        FileStore files = new(new FileStoreOptions { Root = Tree.Root }, NullLogger<FileStore>.Instance);
        files.Prepare();
        Store = new FaultyStore(files);
        Properties = new StoredProperties(_database);
        LockStore = new StoredLocks(_database);
        Locks = new LockTable(LockStore, new LockOptions(), new ManualTime());
        Journal = new TransferIntents(_database, new ManualTime());
        Copy = new CopyTree(Store, Properties, Journal, Locks);
        Delete = new DeleteTree(Store, Properties, Locks);
        Move = new MoveTree(Store, Journal, Locks, Copy, Delete);
        Lock = new LockTree(Store, Locks);
    }

    public TempTree Tree { get; } = new();

    public FaultyStore Store { get; }

    public IDeadProperties Properties { get; }

    public ILockStore LockStore { get; }

    public LockTable Locks { get; }

    public CopyTree Copy { get; }

    public TransferIntents Journal { get; }

    public MoveTree Move { get; }

    public DeleteTree Delete { get; }

    public LockTree Lock { get; }

    /// <summary>What lies in staging.</summary>
    public IReadOnlyList<string> Staging => Directory.GetFileSystemEntries(Tree.At(".webdav/staging"));

    /// <summary>The file handles of this process that are open on the tree, beside those that the store keeps.</summary>
    public int Handles => Directory.GetFileSystemEntries("/proc/self/fd").Count(handle => TargetOf(handle) is { } target
        && target.StartsWith(Tree.Root + "/", StringComparison.Ordinal)
        && !target.EndsWith("/.webdav/staging", StringComparison.Ordinal));

    public static DavPath At(string path) => DavPath.FromValue(path);

    public async Task<Entry> EntryAsync(string path) => await Store.FindAsync(At(path), CancellationToken.None) ?? throw new InvalidOperationException($"no {path}");

    /// <summary>Copies; what stands at the destination is replaced.</summary>
    public async Task<IReadOnlyList<TreeEvent>> CopyAsync(
        string source, string destination, Depth depth = Depth.Infinity, CancellationToken cancellation = default) =>
        await DoneAsync(Copy.RunAsync(
            await EntryAsync(source), At(destination), depth, await Store.FindAsync(At(destination), CancellationToken.None), UserAccess.Full, new TreeControl(cancellation)));

    /// <summary>Moves; what stands at the destination is replaced.</summary>
    public async Task<IReadOnlyList<TreeEvent>> MoveAsync(string source, string destination, CancellationToken cancellation = default) =>
        await DoneAsync(Move.RunAsync(
            await EntryAsync(source), At(destination), await Store.FindAsync(At(destination), CancellationToken.None), new TreeControl(cancellation)));

    /// <summary>Moves as between two file systems.</summary>
    public Task<IReadOnlyList<TreeEvent>> MoveAcrossAsync(string source, string destination, CancellationToken cancellation = default)
    {
        Store.Fail(StoreCall.Rename, path: null, StoreFault.CrossDevice);
        return MoveAsync(source, destination, cancellation);
    }

    public async Task<IReadOnlyList<TreeEvent>> DeleteAsync(string path, CancellationToken cancellation = default) =>
        await DoneAsync(Delete.RunAsync(await EntryAsync(path), new TreeControl(cancellation)));

    public async Task<IReadOnlyList<TreeEvent>> LockAsync(string path, LockScope scope = LockScope.Exclusive) =>
        await DoneAsync(Lock.RunAsync(await EntryAsync(path), scope, CancellationToken.None));

    /// <summary>Gives resources a dead property and a lock each.</summary>
    public async Task MarkAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await SetPropertyAsync(path);
            await Locks.GrantAsync(new LockRequest(At(path), LockScope.Exclusive, Depth.Zero, Owner: null, Principal: null, []), CancellationToken.None);
        }
    }

    public async Task SetPropertyAsync(string path, string value = "x")
    {
        PropertyName name = new("urn:test", "p");
        await Properties.ApplyAsync(At(path), [new PropertyChange(name, new DeadProperty(name, $"<p xmlns='urn:test'>{value}</p>"))], CancellationToken.None);
    }

    /// <summary>The paths that have dead properties, sorted.</summary>
    public async Task<IReadOnlyList<string>> WithPropertiesAsync()
    {
        List<string> found = [];
        await foreach (DavPath path in Properties.ListAsync(DavPath.Root, CancellationToken.None))
        {
            found.Add(path.Value);
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>The paths that are locked, sorted.</summary>
    public IReadOnlyList<string> Locked() => [.. Locks.Below(DavPath.Root).Select(active => active.Root.Value).Order(StringComparer.Ordinal)];

    /// <summary>The failures among steps, as <c>403 /path</c>, sorted by path; a collection's path ends in a slash.</summary>
    public static IReadOnlyList<string> Failures(IEnumerable<TreeEvent> steps) =>
    [
        .. steps.Where(step => step.Kind == TreeEventKind.Failed)
            .Select(step => step.Failure!)
            .OrderBy(failure => failure.Path)
            .Select(failure => $"{failure.Fault.Status} {failure.Path}{(failure.IsCollection ? "/" : "")}"),
    ];

    /// <summary>The paths that were done, sorted.</summary>
    public static IReadOnlyList<string> Done(IEnumerable<TreeEvent> steps) =>
        [.. steps.Where(step => step.Kind == TreeEventKind.Done).Select(step => step.Path.Value).Order(StringComparer.Ordinal)];

    public static async Task<IReadOnlyList<T>> DoneAsync<T>(IAsyncEnumerable<T> steps)
    {
        List<T> all = [];
        await foreach (T step in steps)
        {
            all.Add(step);
        }

        return all;
    }

    /// <summary>Nothing is held any more: no listing, no file handle, nothing in staging.</summary>
    public void AssertClean()
    {
        Assert.Equal(0, Store.OpenListings);
        Assert.Equal(0, Handles);
        Assert.Empty(Staging);
    }

    private static string? TargetOf(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget;
        }
        catch (IOException)
        {
            return null; // of another test, and closed since
        }
    }

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await _database.DisposeAsync();
        Tree.Dispose();
    }
}
