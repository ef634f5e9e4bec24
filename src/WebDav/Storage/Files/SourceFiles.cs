using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Opens the files of a tree that is being copied.</summary>
internal sealed class SourceFiles(Volume volume) : IDisposable
{
    private readonly HeldCollection _held = new(volume.Resolver);

    /// <summary>Opens what the walk has just seen to be a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="stat">What it is.</param>
    public SafeFileHandle Open(DavPath path, out Stat stat)
    {
        if (_held.Parent(path, out var place) == Errno.None && !place.IsReserved)
        {
            var error = Posix.OpenAt(place.Directory, place.Name, OpenFlags.ReadFile, out var file);
            if (error == Errno.None && Posix.Stat(file, out stat) == Errno.None && stat.IsFile)
            {
                return file;
            }

            file.Dispose();
        }

        return FileContent.Open(volume, path, out stat, out _); // a link, or gone: whatever it is, it is said there
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
