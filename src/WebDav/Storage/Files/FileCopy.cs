using System.Buffers;
using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// Copies the bytes of files by the cheapest way there is: shared blocks, a copy by the file system, or read and write. Holes are
/// left out, and stay holes. What one file has shown of what the file system can do holds for the next.
/// </summary>
internal sealed class FileCopy : IDisposable
{
    private const long Chunk = 8 * 1024 * 1024;
    private const int BufferSize = 256 * 1024;
    private bool _clones = true;
    private bool _copiesInKernel = true;
    private byte[]? _buffer;

    /// <summary>Copies as many bytes as the source had when it was looked at, yielding how many each step did, holes included.</summary>
    /// <param name="from">The source, open for reading.</param>
    /// <param name="source">What it is; fewer bytes are copied if it is shorter by now.</param>
    /// <param name="to">The copy, empty and open for writing.</param>
    /// <param name="path">The copy's path, for faults.</param>
    public IEnumerable<long> Run(SafeFileHandle from, Stat source, SafeFileHandle to, DavPath path)
    {
        var size = source.Size;
        if (size == 0)
        {
            yield break;
        }

        if (_clones)
        {
            var error = FileIo.Clone(from, to);
            if (error == Errno.None)
            {
                yield return size;
                yield break;
            }

            _clones = error != Errno.NotSupported; // by the file system of the copy, and so for all that follow
        }

        // On a disk, reading and writing is quicker than the kernel's own way. What has no device of its own may be another machine's.
        _copiesInKernel &= !source.IsOnDevice;
        var at = 0L;
        var room = default(RoomAhead);
        while (at < size)
        {
            var data = source.MayHaveHoles ? NextData(from, at, size) : at;
            if (data > at)
            {
                Check(FileIo.SetLength(to, data), path);
                yield return data - at;
                at = data;
            }

            for (var end = source.MayHaveHoles ? EndOfData(from, at, size) : size; at < end;)
            {
                var count = Math.Min(end - at, Chunk);
                room.Reserve(to, at, count, end);
                Check(Step(from, at, to, at, count, out var bytes), path);
                if (bytes == 0)
                {
                    Check(room.Trim(to, at), path);
                    yield break; // the source was cut meanwhile
                }

                at += bytes;
                yield return bytes;
            }
        }
    }

    /// <summary>Copies bytes over those of another file, yielding how many each step did; what is around them stays.</summary>
    /// <param name="from">The source, open for reading.</param>
    /// <param name="to">The file that they go into, open for writing.</param>
    /// <param name="offset">Where the first of them goes.</param>
    /// <param name="size">How many.</param>
    /// <param name="path">The path of that file, for faults.</param>
    public IEnumerable<long> RunInto(SafeFileHandle from, SafeFileHandle to, long offset, long size, DavPath path)
    {
        for (var at = 0L; at < size;)
        {
            Check(Step(from, at, to, offset + at, Math.Min(size - at, Chunk), out var bytes), path);
            if (bytes == 0)
            {
                yield break;
            }

            at += bytes;
            yield return bytes;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private static long NextData(SafeFileHandle file, long at, long size) => FileIo.SeekData(file, at, out var data) switch
    {
        Errno.None => Math.Min(data, size),
        Errno.NoDevice => size, // nothing but a hole is left
        _ => at, // cannot tell: takes it for data
    };

    private static long EndOfData(SafeFileHandle file, long at, long size) =>
        at < size && FileIo.SeekHole(file, at, out var hole) == Errno.None && hole > at ? Math.Min(hole, size) : size;

    private static void Check(Errno error, DavPath path)
    {
        if (error != Errno.None)
        {
            throw error.At(path, "copying");
        }
    }

    private Errno Step(SafeFileHandle from, long at, SafeFileHandle to, long target, long count, out long bytes)
    {
        // What fits the buffer is copied sooner by two calls.
        if (_copiesInKernel && count > BufferSize)
        {
            // Some file systems say "0 bytes" for what they cannot do (copy_file_range(2), BUGS): the plain way decides.
            var error = FileIo.CopyRange(from, at, to, target, count, out bytes);
            if (error == Errno.None && bytes > 0)
            {
                return error;
            }

            if (error is not (Errno.None or Errno.CrossDevice or Errno.Invalid or Errno.NoSystemCall or Errno.NotSupported
                or Errno.BadDescriptor or Errno.NotPermitted))
            {
                return error;
            }

            _copiesInKernel = false;
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        for (bytes = 0; bytes < count;)
        {
            var buffer = _buffer.AsSpan(0, (int)Math.Min(count - bytes, BufferSize));
            var error = FileIo.Read(from, buffer, at + bytes, out var read);
            if (error == Errno.None)
            {
                error = FileIo.Write(to, buffer[..read], target + bytes);
            }

            if (error != Errno.None || read == 0)
            {
                return error;
            }

            bytes += read;
        }

        return Errno.None;
    }
}
