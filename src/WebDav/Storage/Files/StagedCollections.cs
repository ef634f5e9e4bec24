using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>The directories of a copy being built. The one used last is held open: members come collection by collection.</summary>
internal sealed class StagedCollections(Volume volume, DavPath destination, StagedName staged) : IDisposable
{
    private SafeFileHandle? _held;
    private DavPath _heldPath;

    /// <summary>The directory in which a path's own name is made or found.</summary>
    /// <param name="path">A path at or below the destination.</param>
    /// <param name="name">The name, NUL included.</param>
    public SafeFileHandle HolderOf(DavPath path, out byte[] name)
    {
        if (path == destination)
        {
            name = staged.Name;
            return staged.Directory;
        }

        if (NameBytes.TryEncode(path.Name, out name) is not Errno.None and var error)
        {
            throw error.At(path, "spelling its name");
        }

        if (_held is null || _heldPath != path.Parent)
        {
            Hold(path.Parent);
        }

        return _held!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held?.Dispose();
        _held = null;
    }

    private void Hold(DavPath collection)
    {
        if (!collection.IsAtOrBelow(destination))
        {
            throw new ArgumentException($"'{collection}' is not in the copy at '{destination}'", nameof(collection));
        }

        Dispose();
        var error = NameBytes.TryEncode(collection.Value.AsSpan(destination.Value.Length), out var below);
        if (error == Errno.None)
        {
            error = volume.Resolver.Direct.Open(staged.Directory, [.. staged.Name.AsSpan(0, staged.Name.Length - 1), .. below], out var held);
            (_held, _heldPath) = (held, collection);
        }

        if (error != Errno.None)
        {
            Dispose();
            throw error.AtParent(collection, "opening the copy's collection");
        }
    }
}
