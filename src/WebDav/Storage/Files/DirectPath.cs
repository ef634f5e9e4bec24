using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Opens a directory by its path below another one where no link is on the way.</summary>
internal sealed class DirectPath
{
    private const int LongestPath = 4096; // PATH_MAX, NUL included

    /// <summary>
    /// Whether openat2(2) is there. Kernels before 5.6 do not have it, and the sandboxes of older container engines refuse it;
    /// then every name is opened by itself.
    /// </summary>
    public bool HasOpenAt2 { get; set; } = true;

    /// <summary>Opens it.</summary>
    /// <param name="start">Where the path starts.</param>
    /// <param name="path">Names with slashes between them, and NUL.</param>
    /// <param name="directory">The directory, when there was no error.</param>
    /// <returns><see cref="Errno.Loop"/> or <see cref="Errno.NotDirectory"/> where a link is on the way.</returns>
    public Errno Open(SafeFileHandle start, byte[] path, out SafeFileHandle directory)
    {
        if (HasOpenAt2 && path.Length <= LongestPath)
        {
            var error = Posix.OpenBelow(start, path, OpenFlags.DirectoryHandle, out directory);
            if (error is not (Errno.NoSystemCall or Errno.NotPermitted))
            {
                return error;
            }

            HasOpenAt2 = false;
        }

        return OpenInParts(start, path, out directory);
    }

    private Errno OpenInParts(SafeFileHandle start, byte[] path, out SafeFileHandle directory)
    {
        var error = Posix.OpenAt(start, NameBytes.Itself, OpenFlags.DirectoryHandle, out directory);
        for (var from = 0; from < path.Length - 1 && error == Errno.None;)
        {
            var end = EndOfPart(path, from);
            byte[] part = [.. path.AsSpan(from, end - from), 0];
            var above = directory;
            error = HasOpenAt2
                ? Posix.OpenBelow(above, part, OpenFlags.DirectoryHandle, out directory)
                : Posix.OpenAt(above, part, OpenFlags.DirectoryHandle | OpenFlags.ReadDirectory, out directory);
            above.Dispose();
            from = end + 1;
        }

        return error;
    }

    // One name, or with openat2 as many as one call can take.
    private int EndOfPart(byte[] path, int from)
    {
        var rest = path.AsSpan(from, path.Length - 1 - from);
        if (HasOpenAt2 && rest.Length >= LongestPath)
        {
            var last = rest[..(LongestPath - 1)].LastIndexOf((byte)'/');
            rest = last > 0 ? rest[..last] : rest;
        }
        else if (!HasOpenAt2)
        {
            var first = rest.IndexOf((byte)'/');
            rest = first > 0 ? rest[..first] : rest;
        }

        return from + rest.Length;
    }
}
