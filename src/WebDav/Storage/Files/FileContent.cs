using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>A file, open for reading. Reads come from the page cache or wait for the disk; there is nothing to wait on without blocking.</summary>
internal sealed class FileContent(SafeFileHandle file, Entry entry) : IContent
{
    /// <inheritdoc/>
    public Entry Entry => entry;

    /// <summary>Opens a file for reading, through links as the policy allows.</summary>
    public static SafeFileHandle Open(Volume volume, DavPath path, out Stat stat, out bool isLink)
    {
        var error = volume.Resolver.Look(path, out var place, out stat, out isLink);
        using (place)
        {
            // Looked at first: merely opening a device can set it going (open(2), O_NONBLOCK).
            if (error == Errno.None && stat.IsFile)
            {
                error = Posix.OpenAt(place.Directory, place.Name, OpenFlags.ReadFile, out var file);
                error = error == Errno.None ? Posix.Stat(file, out stat) : error;
                if (error == Errno.None && stat.IsFile)
                {
                    return file;
                }

                file.Dispose();
            }
        }

        throw (error == Errno.None ? Errno.NoEntry : error).AtExisting(path, "opening it");
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var error = FileIo.Read(file, buffer.Span, offset, out var bytes);
        return error == Errno.None ? ValueTask.FromResult(bytes) : throw error.At(entry.Path, "reading it");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
