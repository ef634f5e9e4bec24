using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// Follows a path name by name where links are on the way, as path_resolution(7) does, under the store's policy for links.
/// Every directory on the way is held open and none is looked up twice, so nothing that is moved or swapped meanwhile leads
/// outside: <c>..</c> goes back to the directory we came from.
/// </summary>
internal sealed class LinkWalk(SafeFileHandle root, Identity rootIdentity, SymlinkPolicy policy) : IDisposable
{
    private const int MostLinks = 40; // as the kernel, path_resolution(7)
    private readonly List<SafeFileHandle> _way = [root];
    private readonly Stack<byte[]> _ahead = new();
    private bool _belowRoot = true;
    private int _links;

    private SafeFileHandle Here => _way[^1];

    private bool AtRoot => _belowRoot && _way.Count == 1;

    /// <summary>Walks to the end of a path.</summary>
    /// <param name="path">The path, NUL at its end.</param>
    /// <param name="mayEndInFile">Whether the last name may be something else than a directory.</param>
    /// <param name="place">Where the path led: no link (at this moment).</param>
    public Errno Follow(byte[] path, bool mayEndInFile, out Place place)
    {
        place = Place.Nowhere;
        Push(path.AsSpan(0, path.Length - 1));
        var name = NameBytes.Itself;
        while (_ahead.TryPop(out var next))
        {
            var error = Step(next, out var isFile);
            if (error != Errno.None)
            {
                return error;
            }

            if (isFile && (!mayEndInFile || _ahead.Count > 0))
            {
                return Errno.NotDirectory;
            }

            name = isFile ? next : name;
        }

        if (policy == SymlinkPolicy.InsideRoot && !_belowRoot)
        {
            return Errno.CrossDevice; // as openat2(2) says it of a path that leads outside
        }

        place = new Place(Here, owned: !AtRoot, name, AtRoot);
        _way.RemoveAt(_way.Count - 1);
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private Errno Step(byte[] name, out bool isFile)
    {
        isFile = false;
        if (name is [(byte)'.', (byte)'.', 0])
        {
            return Up();
        }

        if (AtRoot && NameBytes.TryDecode(name, out var text) && ReservedName.Matches(text))
        {
            return Errno.NoEntry;
        }

        var error = Posix.OpenAt(Here, name, OpenFlags.Handle, out var handle);
        if (error != Errno.None || (error = Posix.Stat(handle, out var stat)) != Errno.None)
        {
            handle.Dispose();
            return error;
        }

        if (stat.IsDirectory)
        {
            Enter(handle, stat.Identity);
            return Errno.None;
        }

        using (handle)
        {
            isFile = !stat.IsLink;
            return stat.IsLink ? Expand(handle) : Errno.None;
        }
    }

    private Errno Expand(SafeFileHandle link)
    {
        if (policy == SymlinkPolicy.Never || ++_links > MostLinks)
        {
            return Errno.Loop;
        }

        var error = Posix.ReadLink(link, out var text);
        if (error == Errno.None && text.Length == 0)
        {
            error = Errno.NoEntry;
        }

        if (error == Errno.None && text[0] == (byte)'/')
        {
            // An absolute link is walked from the top; where that passes through the root, it is inside (see Enter).
            error = Restart("/\0"u8, Here);
        }

        Push(text);
        return error;
    }

    private Errno Up()
    {
        if (_way.Count > 1)
        {
            Here.Dispose();
            _way.RemoveAt(_way.Count - 1);
            return Errno.None;
        }

        return policy == SymlinkPolicy.Always ? Restart("..\0"u8, Here) : AtRoot ? Errno.CrossDevice : Errno.None;
    }

    private Errno Restart(ReadOnlySpan<byte> name, SafeFileHandle from)
    {
        var error = Posix.OpenAt(from, name, OpenFlags.DirectoryHandle, out var handle);
        if (error != Errno.None || (error = Posix.Stat(handle, out var stat)) != Errno.None)
        {
            handle.Dispose();
            return error;
        }

        Forget();
        _belowRoot = false;
        Enter(handle, stat.Identity);
        return Errno.None;
    }

    private void Enter(SafeFileHandle directory, Identity identity)
    {
        if (identity == rootIdentity)
        {
            directory.Dispose();
            Forget();
            _way.Add(root);
            _belowRoot = true;
            return;
        }

        _way.Add(directory);
    }

    private void Forget()
    {
        foreach (var directory in _way)
        {
            if (directory != root)
            {
                directory.Dispose();
            }
        }

        _way.Clear();
    }

    private void Push(ReadOnlySpan<byte> path)
    {
        while (!path.IsEmpty)
        {
            var slash = path.LastIndexOf((byte)'/');
            var name = path[(slash + 1)..];
            if (name is not [] and not [(byte)'.'])
            {
                _ahead.Push([.. name, 0]);
            }

            path = slash < 0 ? [] : path[..slash];
        }
    }
}
