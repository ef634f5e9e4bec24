using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Copies files into a copy that grows in staging, one after the other; best those of one collection after each other.</summary>
internal sealed class FileCopier(Volume volume, DavPath destination, StagedName staged) : IDisposable
{
    private readonly SourceFiles _sources = new(volume);
    private readonly StagedCollections _collections = new(volume, destination, staged);
    private readonly FileCopy _copy = new();
    private (SafeFileHandle? Holder, uint Asked, uint Made) _last;

    /// <summary>What completes a copy: what it is given of its source, the permissions that it has, and those that it is to have.</summary>
    public delegate void Completion(SafeFileHandle copy, in Stat source, uint made, uint permissions, DavPath path);

    /// <summary>Copies one; see <see cref="IStagedTree.CopyFileAsync"/>.</summary>
    public async IAsyncEnumerable<long> CopyAsync(
        DavPath source, DavPath path, Completion complete, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var from = _sources.Open(source, out var stat);
        var holder = _collections.HolderOf(path, out var name);
        using var to = Create(holder, name, stat, path);
        var done = false;
        try
        {
            var first = true;
            foreach (var bytes in _copy.Run(from, stat, to, path))
            {
                if (!first)
                {
                    await Task.Yield();
                }

                first = false;
                cancellation.ThrowIfCancellationRequested();
                yield return bytes;
            }

            complete(to, stat, PermissionsOf(to, holder, stat.Permissions, path), stat.Permissions, path);
            done = true;
            if (first)
            {
                yield return 0;
            }
        }
        finally
        {
            if (!done)
            {
                Posix.Unlink(_collections.HolderOf(path, out name), name);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _collections.Dispose();
        _sources.Dispose();
        _copy.Dispose();
    }

    private static SafeFileHandle Create(SafeFileHandle holder, byte[] name, in Stat source, DavPath path)
    {
        // Others may not read the copy sooner than they could read the source.
        var error = Posix.OpenAt(holder, name, OpenFlags.CreateFile, out var file, source.Permissions);
        return error == Errno.None ? file : throw error.AtParent(path, "making the copy");
    }

    // What the umask, or the collection's own rules (acl(5)), leave of what was asked for: the same for each file of a collection.
    private uint PermissionsOf(SafeFileHandle copy, SafeFileHandle holder, uint asked, DavPath path)
    {
        if (_last.Holder != holder || _last.Asked != asked)
        {
            var error = Posix.Stat(copy, out var stat);
            _last = error == Errno.None ? (holder, asked, stat.Permissions) : throw error.AtParent(path, "looking at the copy");
        }

        return _last.Made;
    }
}
