using System.Buffers;
using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>A file's new content, growing in staging until a rename makes it the file's own.</summary>
internal sealed class FileUpload : IUpload
{
    private const uint NewFile = 0x1B6; // rw-rw-rw-, less the umask
    private readonly Volume _volume;
    private readonly DavPath _path;
    private Place _target;
    private bool _isLink;
    private StagedName _staged;
    private SafeFileHandle _file;
    private RoomAhead _room;
    private bool _ended;

    private FileUpload(Volume volume, DavPath path, Place target, bool isLink, uint permissions)
    {
        (_volume, _path, _target, _isLink) = (volume, path, target, isLink);
        _staged = volume.Staging.Reserve(target.Directory, path);
        _file = Create(volume, _staged, permissions, path);
    }

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <summary>Begins it. A link keeps its place and the file it points to gets the content.</summary>
    public static FileUpload Begin(Volume volume, DavPath path)
    {
        var (target, stat, isLink) = Look(volume, path);
        try
        {
            // Until it has the permissions of the file it replaces, at the end, it has no more than those.
            return new FileUpload(volume, path, target, isLink, stat.IsFile ? stat.Permissions & NewFile : NewFile);
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        foreach (var segment in bytes)
        {
            cancellation.ThrowIfCancellationRequested();
            _room.Reserve(_file, Length, segment.Length);
            if (FileIo.Write(_file, segment.Span, Length) is not Errno.None and var error)
            {
                throw error.At(_path, "writing it");
            }

            Length += segment.Length;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask MergeAsync(long offset, CancellationToken cancellation)
    {
        LookAgain();
        using var old = OpenTarget(out var stat);
        var staged = _volume.Staging.Reserve(_target.Directory, _path);
        var file = Create(_volume, staged, stat.Permissions & NewFile, _path);
        try
        {
            using var copy = new FileCopy();
            var copied = copy.Run(old, stat, file, _path).Concat(copy.RunInto(_file, file, offset, Length, _path));
            foreach (var _ in copied)
            {
                cancellation.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
        catch
        {
            file.Dispose();
            staged.Discard();
            throw;
        }

        Exchange(file, staged);
        Length = Length == 0 ? stat.Size : Math.Max(stat.Size, offset + Length);
    }

    /// <inheritdoc/>
    public ValueTask<Entry> PublishAsync(bool replace, DateTimeOffset? modified, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var old = LookAgain();
        Check(_room.Trim(_file, Length), "giving back room");
        Dress(old, modified);
        var error = Rename(replace);
        if (error == Errno.CrossDevice)
        {
            MoveBeside(old, modified);
            error = Rename(replace);
        }

        if (error is Errno.Exists or Errno.IsDirectory or Errno.NotEmpty)
        {
            throw _volume.Occupied(_path);
        }

        if (error != Errno.None)
        {
            throw _volume.Staging.FaultOf(_staged, error.AtParent(_path, "publishing it"));
        }

        _ended = true;
        _staged.Dispose();
        _volume.Settle(_target.Directory, _path);
        error = Posix.Stat(_file, out var stat);
        return error == Errno.None ? ValueTask.FromResult(FileEntry.Of(_path, stat, _isLink)) : throw error.At(_path, "looking at it");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        if (!_ended)
        {
            _ended = true;
            _staged.Discard();
        }

        _target.Dispose();
        return ValueTask.CompletedTask;
    }

    private static (Place Target, Stat Stat, bool IsLink) Look(Volume volume, DavPath path)
    {
        var target = volume.PlaceToWrite(path);
        try
        {
            var error = Posix.StatAt(target.Directory, target.Name, out var stat);
            var isLink = error == Errno.None && stat.IsLink;
            if (isLink)
            {
                target.Dispose();
                error = volume.Resolver.Look(path, out target, out stat, out _);
            }

            if (isLink ? error != Errno.None || !Volume.IsResource(stat) : error == Errno.None && !Volume.IsResource(stat))
            {
                throw new StoreException(StoreFault.Denied, path, "what is there is no resource");
            }

            return error is Errno.None or Errno.NoEntry ? (target, stat, isLink) : throw error.AtParent(path, "looking at the target");
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    // While the content came, a collection above may have been moved, and another one taken its name. Who publishes has the path to
    // itself: what was open is where the path led when it began.
    private Stat LookAgain()
    {
        var (target, stat, isLink) = Look(_volume, _path);
        _target.Dispose();
        (_target, _isLink) = (target, isLink);
        return stat;
    }

    private static SafeFileHandle Create(Volume volume, StagedName staged, uint permissions, DavPath path)
    {
        var error = Posix.OpenAt(staged.Directory, staged.Name, OpenFlags.CreateFile, out var file, permissions);
        if (error == Errno.None)
        {
            return file;
        }

        file.Dispose();
        var lost = volume.Staging.IsLost(staged);
        staged.Dispose();
        throw lost ? StagingArea.Lost(path) : error.AtParent(path, "making the new file");
    }

    // Permissions and owner of the file to be replaced, the time asked for, and the disk's word for all of it if need be.
    private void Dress(in Stat old, DateTimeOffset? modified)
    {
        if (old.IsFile)
        {
            // The owner only where the server may give files away, as root may. The permissions after it: chown(2) narrows them.
            Check(Posix.Stat(_file, out var mine), "looking at it");
            var given = (mine.User, mine.Group) != (old.User, old.Group) && FileIo.SetOwner(_file, old.User, old.Group) == Errno.None;
            if (given || mine.Permissions != old.Permissions)
            {
                Check(FileIo.SetPermissions(_file, old.Permissions), "setting its permissions");
            }
        }

        if (modified is { } time)
        {
            Check(FileIo.SetTimes(_file, FileTime.Omit, FileTime.From(time)), "setting its time");
        }

        if (_volume.Flushes)
        {
            Check(FileIo.Flush(_file), "flushing it");
        }
    }

    private Errno Rename(bool replace)
    {
        if (Posix.StatAt(_target.Directory, _target.Name, out var there) == Errno.None && !there.IsFile)
        {
            return Errno.Exists; // a collection, or something that came between: a rename would remove a link or a pipe
        }

        return replace
            ? Posix.Rename(_staged.Directory, _staged.Name, _target.Directory, _target.Name)
            : Replacement.RenameToNew(_staged.Directory, _staged.Name, _target);
    }

    private void MoveBeside(in Stat old, DateTimeOffset? modified)
    {
        _volume.Staging.SetApart(_target.Directory);
        var staged = _volume.Staging.Reserve(_target.Directory, _path);
        var file = Create(_volume, staged, NewFile, _path);
        try
        {
            Check(Posix.Stat(_file, out var stat), "looking at it");
            using var copy = new FileCopy();
            foreach (var _ in copy.Run(_file, stat, file, _path))
            {
                // to the end
            }
        }
        catch
        {
            file.Dispose();
            staged.Discard();
            throw;
        }

        Exchange(file, staged);
        Dress(old, modified);
    }

    private void Exchange(SafeFileHandle file, StagedName staged)
    {
        _file.Dispose();
        _staged.Discard();
        (_file, _staged, _room) = (file, staged, default);
    }

    private SafeFileHandle OpenTarget(out Stat stat)
    {
        var error = Posix.StatAt(_target.Directory, _target.Name, out stat);
        if (error == Errno.None && stat.IsFile)
        {
            error = Posix.OpenAt(_target.Directory, _target.Name, OpenFlags.ReadFile, out var file);
            error = error == Errno.None ? Posix.Stat(file, out stat) : error;
            if (error == Errno.None && stat.IsFile)
            {
                return file;
            }

            file.Dispose();
        }

        throw (error == Errno.None ? Errno.NoEntry : error).AtExisting(_path, "opening it");
    }

    private void Check(Errno error, string doing)
    {
        if (error != Errno.None)
        {
            throw error.At(_path, doing);
        }
    }
}
