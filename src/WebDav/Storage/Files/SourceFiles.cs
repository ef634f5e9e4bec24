using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Opens the files of a tree that is being copied. The collection opened last is held: files come collection by collection.</summary>
internal sealed class SourceFiles(Volume volume) : IDisposable
{
    private Place? _held;
    private DavPath _heldPath;

    /// <summary>Opens what the walk has just seen to be a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="stat">What it is.</param>
    public SafeFileHandle Open(DavPath path, out Stat stat)
    {
        if (NameBytes.TryEncode(path.Name, out var name) == Errno.None && Hold(path))
        {
            var error = Posix.OpenAt(_held!.Directory, name, OpenFlags.ReadFile, out var file);
            if (error == Errno.None && Posix.Stat(file, out stat) == Errno.None && stat.IsFile)
            {
                return file;
            }

            file.Dispose();
        }

        return FileContent.Open(volume, path, out stat, out _); // a link, or gone: whatever it is, it is said there
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held?.Dispose();
        _held = null;
    }

    private bool Hold(DavPath member)
    {
        if (_held is null || _heldPath != member.Parent)
        {
            Dispose();
            var error = volume.Resolver.Parent(member, out var place);
            (_held, _heldPath) = (error == Errno.None ? place : null, member.Parent);
        }

        return _held is not null;
    }
}
