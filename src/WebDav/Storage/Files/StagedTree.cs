using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>A copy growing in staging. Used by one operation at a time.</summary>
internal sealed class StagedTree(Volume volume, DavPath destination, Place target, StagedName staged, bool keepTimes) : IStagedTree
{
    private const uint OwnerAll = 0x1C0; // rwx------
    private readonly StagedCollections _collections = new(volume, destination, staged);
    private readonly ConcurrentBag<FileCopier> _idle = [];
    private bool _ended;

    /// <inheritdoc/>
    public Identity Identity
    {
        get
        {
            Check(Posix.StatAt(staged.Directory, staged.Name, out var stat), destination, "looking at the copy");
            return stat.Identity;
        }
    }

    /// <inheritdoc/>
    public ValueTask MakeCollectionAsync(DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Check(Posix.MakeDirectory(_collections.HolderOf(path, out var name), name), path, "making the collection");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<long> CopyFileAsync(DavPath source, DavPath path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_idle.TryTake(out var copier))
        {
            copier = new FileCopier(volume, destination, staged);
        }

        try
        {
            await foreach (var bytes in copier.CopyAsync(source, path, Complete, cancellation))
            {
                yield return bytes;
            }
        }
        finally
        {
            _idle.Add(copier);
        }
    }

    /// <inheritdoc/>
    public ValueTask CompleteCollectionAsync(DavPath source, DavPath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var error = volume.Resolver.Look(source, out var place, out var stat, out _);
        place.Dispose();
        if (error != Errno.None)
        {
            return error.MeansAbsent() ? ValueTask.CompletedTask : throw error.At(source, "looking at the collection");
        }

        Check(Posix.OpenAt(_collections.HolderOf(path, out var name), name, OpenFlags.ReadDirectory, out var directory), path, "opening the collection");
        using (directory)
        {
            // No wider than the source for others, but always open to the owner: the server must be able to go on in it.
            Check(Posix.Stat(directory, out var mine), path, "looking at the collection");
            Complete(directory, stat, mine.Permissions, (mine.Permissions & stat.Permissions) | OwnerAll, path);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IDisplaced?> PublishAsync(bool replace, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _collections.Dispose();
        bool exchanged;
        StagedName? aside;
        try
        {
            exchanged = Replacement.Put(volume, staged.Directory, staged.Name, target, destination, replace, out aside);
        }
        catch (StoreException) when (volume.Staging.IsTaken(staged))
        {
            throw StagingArea.Lost(destination);
        }
        catch (StoreException e) when (e.Fault == StoreFault.CrossDevice)
        {
            volume.Staging.SetApart(target.Directory); // the next attempt will be built beside the target
            throw new StoreException(StoreFault.Busy, destination, "nothing can be renamed from staging to here; the next copy is built beside it", e);
        }

        _ended = true;
        if (!exchanged)
        {
            staged.Dispose();
        }

        var displaced = exchanged ? Replacement.Finish(volume, staged, destination)
            : aside is not null ? Replacement.Finish(volume, aside, destination)
            : null;
        volume.SettleDone(target.Directory, destination);
        return ValueTask.FromResult(displaced);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _collections.Dispose();
        foreach (var copier in _idle)
        {
            copier.Dispose();
        }

        target.Dispose();
        if (!_ended)
        {
            _ended = true;
            await foreach (var _ in new Displaced(staged, destination, volume.Log).RemoveAsync(CancellationToken.None))
            {
                // to the end
            }
        }
    }

    private static void Check(Errno error, DavPath path, string doing)
    {
        if (error != Errno.None)
        {
            throw error.AtParent(path, doing);
        }
    }

    private void Complete(SafeFileHandle copy, in Stat source, uint made, uint permissions, DavPath path)
    {
        if (made != permissions)
        {
            Check(FileIo.SetPermissions(copy, permissions), path, "setting permissions");
        }

        if (keepTimes)
        {
            Check(FileIo.SetTimes(copy, source.Accessed, source.Modified), path, "setting times");
        }

        if (volume.Flushes)
        {
            Check(FileIo.Flush(copy), path, "flushing the copy");
        }
    }
}
