using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace WebDav.Storage.Linux;

/// <summary>
/// The entries of a directory, one buffer at a time (getdents64(2)): memory does not grow with their number, and entries may
/// be removed while they are read.
/// </summary>
internal sealed class DirectoryReader(SafeFileHandle directory) : IDisposable
{
    private const int BufferSize = 32 * 1024;
    private const int NameOffset = 19;
    private byte[]? _buffer;
    private int _filled;
    private int _next;
    private int _current;

    /// <summary>The directory, to call on its entries; closed with the reader.</summary>
    public SafeFileHandle Directory => directory;

    /// <summary>The entry's name, NUL included; only good until the next step.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            var rest = _buffer.AsSpan(_current + NameOffset);
            return rest[..(rest.IndexOf((byte)0) + 1)];
        }
    }

    /// <summary>What the entry is, where the file system says it here.</summary>
    public EntryType Type => (EntryType)_buffer![_current + NameOffset - 1];

    /// <summary>Opens a directory below another for reading; the last name is not followed if it is a link.</summary>
    public static Errno Open(SafeFileHandle parent, ReadOnlySpan<byte> name, out DirectoryReader reader)
    {
        var error = Posix.OpenAt(parent, name, OpenFlags.ReadDirectory, out var directory);
        reader = new DirectoryReader(directory);
        return error;
    }

    /// <summary>Goes to the next entry, past <c>.</c> and <c>..</c>; false at the end or at an error.</summary>
    public bool Read(out Errno error)
    {
        error = Errno.None;
        while (true)
        {
            if (_next >= _filled && !Fill(out error))
            {
                return false;
            }

            _current = _next;
            _next += BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_current + 16));
            if (Name is not [(byte)'.', 0] and not [(byte)'.', (byte)'.', 0])
            {
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        directory.Dispose();
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private bool Fill(out Errno error)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        _next = 0;
        error = Posix.ReadDirectory(directory, _buffer.AsSpan(0, BufferSize), out _filled);
        return _filled > 0;
    }
}
