using System.Buffers;
using System.Runtime.CompilerServices;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Support;

/// <summary>A store that fails, stalls or lets others come between where a test says so, and counts what it is asked.</summary>
internal sealed class FaultyStore(IStore store) : IStore, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];
    private readonly List<(StoreCall Call, DavPath Path)> _calls = [];

    /// <summary>Listings that have begun and are not disposed.</summary>
    public int OpenListings { get; private set; }

    /// <summary>The most listings that were open at one time.</summary>
    public int MostOpenListings { get; private set; }

    /// <inheritdoc/>
    public int MaximumNameBytes => store.MaximumNameBytes;

    /// <summary>How often a call came, of one path or of any.</summary>
    public int Count(StoreCall call, string? path = null)
    {
        lock (_gate)
        {
            return _calls.Count(made => made.Call == call && (path is null || made.Path.Value == path));
        }
    }

    /// <summary>What it was asked, in order, since it was made or told to forget.</summary>
    public IReadOnlyList<(StoreCall Call, DavPath Path)> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Forgets what it was asked and what it was told to do.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _rules.Clear();
            _calls.Clear();
        }
    }

    /// <summary>Does something before calls that match, beginning with the n-th.</summary>
    /// <param name="call">Which call.</param>
    /// <param name="path">Of which path; null for any.</param>
    /// <param name="deed">What to do; it may throw.</param>
    /// <param name="nth">The first call that it happens to, from 1.</param>
    /// <param name="times">How many calls it happens to.</param>
    public void On(StoreCall call, string? path, Func<DavPath, CancellationToken, Task> deed, int nth = 1, int times = int.MaxValue)
    {
        lock (_gate)
        {
            _rules.Add(new Rule(call, path, deed, nth, times));
        }
    }

    /// <summary>Fails calls that match, beginning with the n-th.</summary>
    public void Fail(StoreCall call, string? path, StoreFault fault, int nth = 1, int times = int.MaxValue) =>
        On(call, path, (at, _) => throw new StoreException(fault, at, "as the test asked"), nth, times);

    /// <summary>Lets another program do something before the n-th call that matches.</summary>
    public void Before(StoreCall call, string? path, Action deed, int nth = 1) => On(
        call,
        path,
        (_, _) =>
        {
            deed();
            return Task.CompletedTask;
        },
        nth,
        times: 1);

    /// <summary>Lets calls that match stand still, beginning with the n-th.</summary>
    public Stall Stall(StoreCall call, string? path = null, int nth = 1)
    {
        Stall stall = new();
        On(call, path, (_, cancellation) => stall.StandAsync(cancellation), nth);
        return stall;
    }

    /// <inheritdoc/>
    public async ValueTask<Entry?> FindAsync(DavPath path, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.Find, path, cancellation);
        return await store.FindAsync(path, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ListAsync(DavPath collection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        lock (_gate)
        {
            OpenListings++;
            MostOpenListings = Math.Max(MostOpenListings, OpenListings);
        }

        try
        {
            await CallAsync(StoreCall.List, collection, cancellation);
            await foreach (Entry member in store.ListAsync(collection, cancellation))
            {
                yield return member;
                await CallAsync(StoreCall.ListNext, collection, cancellation);
            }
        }
        finally
        {
            lock (_gate)
            {
                OpenListings--;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IContent> OpenAsync(DavPath path, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.Open, path, cancellation);
        return await store.OpenAsync(path, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IUpload> UploadAsync(DavPath path, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.Upload, path, cancellation);
        return new FaultyUpload(this, path, await store.UploadAsync(path, cancellation));
    }

    /// <inheritdoc/>
    public async ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.MakeCollection, path, cancellation);
        await store.MakeCollectionAsync(path, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IStagedTree> StageTreeAsync(DavPath destination, bool keepTimes, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.Stage, destination, cancellation);
        return new FaultyStagedTree(this, destination, await store.StageTreeAsync(destination, keepTimes, cancellation));
    }

    /// <inheritdoc/>
    public async ValueTask<IDisplaced?> RenameAsync(DavPath source, DavPath destination, bool replace, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.Rename, source, cancellation);
        return Wrap(await store.RenameAsync(source, destination, replace, cancellation), destination);
    }

    /// <inheritdoc/>
    public IRemoval BeginRemoval() => new FaultyRemoval(this, store.BeginRemoval());

    /// <inheritdoc/>
    public async ValueTask ChangeAsync(DavPath path, EntryChange change, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.Change, path, cancellation);
        await store.ChangeAsync(path, change, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreFault?> CheckWritableAsync(Entry entry, CancellationToken cancellation)
    {
        try
        {
            await CallAsync(StoreCall.CheckWritable, entry.Path, cancellation);
        }
        catch (StoreException fault)
        {
            return fault.Fault;
        }

        return await store.CheckWritableAsync(entry, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreSpace> SpaceAsync(DavPath path, CancellationToken cancellation)
    {
        await CallAsync(StoreCall.Space, path, cancellation);
        return await store.SpaceAsync(path, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => (store as IDisposable)?.Dispose();

    private FaultyDisplaced? Wrap(IDisplaced? displaced, DavPath path) => displaced is null ? null : new FaultyDisplaced(this, path, displaced);

    private async ValueTask CallAsync(StoreCall call, DavPath path, CancellationToken cancellation)
    {
        List<Rule> due;
        lock (_gate)
        {
            _calls.Add((call, path));
            due = [.. _rules.Where(rule => rule.IsDue(call, path))];
        }

        foreach (Rule rule in due)
        {
            await rule.Deed(path, cancellation);
        }
    }

    private sealed class Rule(StoreCall call, string? path, Func<DavPath, CancellationToken, Task> deed, int nth, int times)
    {
        private int _seen;

        public Func<DavPath, CancellationToken, Task> Deed => deed;

        public bool IsDue(StoreCall made, DavPath at)
        {
            if (made != call || (path is not null && at.Value != path))
            {
                return false;
            }

            _seen++;
            return _seen >= nth && _seen - nth < times;
        }
    }

    private sealed class FaultyRemoval(FaultyStore owner, IRemoval removal) : IRemoval
    {
        public async ValueTask RemoveAsync(DavPath path, CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.Remove, path, cancellation);
            await removal.RemoveAsync(path, cancellation);
        }

        public void Dispose() => removal.Dispose();
    }

    private sealed class FaultyStagedTree(FaultyStore owner, DavPath destination, IStagedTree staged) : IStagedTree
    {
        public Identity Identity => staged.Identity;

        public async ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.StagedMakeCollection, path, cancellation);
            await staged.MakeCollectionAsync(path, cancellation);
        }

        public async IAsyncEnumerable<long> CopyFileAsync(DavPath source, DavPath path, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.StagedCopyFile, source, cancellation);
            await foreach (long bytes in staged.CopyFileAsync(source, path, cancellation))
            {
                await owner.CallAsync(StoreCall.StagedCopyChunk, source, cancellation);
                yield return bytes;
            }
        }

        public async ValueTask CompleteCollectionAsync(DavPath source, DavPath path, CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.StagedComplete, source, cancellation);
            await staged.CompleteCollectionAsync(source, path, cancellation);
        }

        public async ValueTask<IDisplaced?> PublishAsync(bool replace, CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.StagedPublish, destination, cancellation);
            return owner.Wrap(await staged.PublishAsync(replace, cancellation), destination);
        }

        public ValueTask DisposeAsync() => staged.DisposeAsync();
    }

    private sealed class FaultyUpload(FaultyStore owner, DavPath path, IUpload upload) : IUpload
    {
        public long Length => upload.Length;

        public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.UploadWrite, path, cancellation);
            await upload.WriteAsync(bytes, cancellation);
        }

        public async ValueTask MergeAsync(long offset, CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.UploadMerge, path, cancellation);
            await upload.MergeAsync(offset, cancellation);
        }

        public async ValueTask<Entry> PublishAsync(bool replace, DateTimeOffset? modified, CancellationToken cancellation)
        {
            await owner.CallAsync(StoreCall.UploadPublish, path, cancellation);
            return await upload.PublishAsync(replace, modified, cancellation);
        }

        public ValueTask DisposeAsync() => upload.DisposeAsync();
    }

    private sealed class FaultyDisplaced(FaultyStore owner, DavPath path, IDisplaced displaced) : IDisplaced
    {
        public async IAsyncEnumerable<int> RemoveAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (int removed in displaced.RemoveAsync(cancellation))
            {
                await owner.CallAsync(StoreCall.DisplacedRemove, path, cancellation);
                yield return removed;
            }
        }
    }
}
