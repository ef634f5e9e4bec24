using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// Where unfinished things lie. A rename cannot leave a mount, so what is for another mount than the staging directory's lies
/// beside its target instead, under a hidden name; a pointer file (<c>{id}.at</c>, holding the absolute path) is written before
/// and removed after.
/// </summary>
internal sealed class StagingArea(string path, bool flush, bool shared, HiddenNames hidden, ILogger log) : IDisposable
{
    private readonly ConcurrentDictionary<Identity, bool> _apart = new();
    private SafeFileHandle? _directory;
    private Stat _stat;

    private SafeFileHandle Directory => _directory ?? throw new InvalidOperationException("the store was not prepared");

    /// <summary>The directory, for those who clear up.</summary>
    public SafeFileHandle Own => Directory;

    /// <summary>Whether a directory was removed, though it is held open.</summary>
    public static bool IsGone(SafeFileHandle directory) => Posix.Stat(directory, out var stat) is var error
        && (error == Errno.Stale || (error == Errno.None && stat.Links == 0));

    /// <summary>The fault of a server whose staging directory was taken away.</summary>
    public static StoreException Lost(DavPath path) => new(StoreFault.Superseded, path, "the staging directory was taken away by another server");

    /// <summary>Makes the directory if it is not there, and removes what an earlier run has left.</summary>
    public void Prepare()
    {
        Open(path);
        Leftovers.Clear(Directory, log);
    }

    /// <summary>Makes the directory if it is not there, and uses it from now on.</summary>
    public void Open(string place)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("files are served on Linux only");
        }

        // For the owner alone: what is unfinished has no permissions of its own yet.
        System.IO.Directory.CreateDirectory(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var error = Posix.Open(NameBytes.Encode(place), OpenFlags.DirectoryHandle, 0, out var directory);
        if (error == Errno.None)
        {
            error = Posix.Stat(directory, out _stat);
        }

        if (error != Errno.None)
        {
            throw error.At(DavPath.Root, $"opening the staging directory {place}");
        }

        _directory = directory; // One that was used before may be in use still.
    }

    /// <summary>Whether the directory of a staged name was taken away from this server.</summary>
    public bool IsLost(StagedName staged) => shared && IsGone(staged.Directory);

    /// <summary>Whether something that was made under a staged name was taken away from this server.</summary>
    public bool IsTaken(StagedName staged) =>
        shared && Posix.StatAt(staged.Directory, staged.Name, out _) is Errno.NoEntry or Errno.Stale;

    /// <summary>The fault that a fault about something staged is: its own, or that of a server that has lost its place.</summary>
    public StoreException FaultOf(StagedName staged, StoreException fault) =>
        IsTaken(staged) ? Lost(fault.Path) : fault;

    /// <summary>Finds a name for something that will be renamed into a directory.</summary>
    /// <param name="target">That directory.</param>
    /// <param name="forPath">The resource it is for.</param>
    public StagedName Reserve(SafeFileHandle target, DavPath forPath)
    {
        var error = Posix.Stat(target, out var stat);
        if (error != Errno.None)
        {
            throw error.AtParent(forPath, "looking at the collection");
        }

        var id = Guid.NewGuid();
        return stat.Device == _stat.Device && stat.Mount == _stat.Mount && !_apart.ContainsKey(stat.Identity)
            ? new StagedName(Directory, HiddenNames.NameOf(id), release: null)
            : shared ? throw new StoreException(StoreFault.Denied, forPath, "it is on another file system than the staging directories of the servers")
            : ReserveBeside(target, id, forPath);
    }

    /// <summary>
    /// Notes that nothing can be renamed from the staging directory into a directory although the mount is the same: one
    /// that is encrypted, or under a project quota, is like that (rename(2), EXDEV; fscrypt). From now on its names are taken beside the target.
    /// </summary>
    public void SetApart(SafeFileHandle target)
    {
        if (Posix.Stat(target, out var stat) == Errno.None)
        {
            _apart.TryAdd(stat.Identity, true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _directory?.Dispose();

    private StagedName ReserveBeside(SafeFileHandle target, Guid id, DavPath forPath)
    {
        var name = HiddenNames.NameOf(id);
        var pointer = NameBytes.Encode($"{id:N}{Leftovers.PointerSuffix}");
        var error = Posix.PathOf(target, out var place);
        SafeFileHandle? held = null;
        if (error == Errno.None && (error = Posix.OpenAt(target, NameBytes.Itself, OpenFlags.DirectoryHandle, out held)) == Errno.None)
        {
            error = WritePointer(pointer, [.. place, (byte)'/', .. name.AsSpan(0, name.Length - 1)]);
        }

        if (error != Errno.None)
        {
            held?.Dispose();
            throw error.At(forPath, "preparing a place beside the target");
        }

        hidden.Add(id);
        return new StagedName(held!, name, () =>
        {
            held!.Dispose();
            Posix.Unlink(Directory, pointer);
            hidden.Remove(id);
        });
    }

    private Errno WritePointer(byte[] name, byte[] text)
    {
        var error = Posix.OpenAt(Directory, name, OpenFlags.CreateFile, out var file, 0x180); // rw-------
        using (file)
        {
            if (error == Errno.None && (error = FileIo.Write(file, text, 0)) == Errno.None && flush)
            {
                error = FileIo.Flush(file);
                error = error == Errno.None ? FlushDirectory.At(Directory) : error;
            }
        }

        if (error is not (Errno.None or Errno.Exists))
        {
            Posix.Unlink(Directory, name);
        }

        return error;
    }
}
