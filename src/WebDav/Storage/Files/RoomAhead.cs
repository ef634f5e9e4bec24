using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// Room on the disk that a large file gets before its bytes come, where the file system can do that: ext4 writes them in half the
/// time, as it need not look for room page by page. If it is not to be had, the bytes find out for themselves whether there is some.
/// </summary>
internal struct RoomAhead
{
    private const long Least = 1 << 20;
    private const long Most = 8 << 20; // More at once is looked for long, on a disk that is in use.
    private long _end;
    private bool _refused;

    /// <summary>To be called before bytes are written.</summary>
    /// <param name="file">Where.</param>
    /// <param name="offset">Where the first of them goes.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">How long the file will become at most.</param>
    public void Reserve(SafeFileHandle file, long offset, long count, long size = long.MaxValue)
    {
        if (_refused || offset + count < Least || offset + count <= _end)
        {
            return;
        }

        var ahead = Math.Min(Math.Max(count, Math.Clamp(offset, Least, Most)), size - offset);
        _refused = FileIo.Reserve(file, offset, ahead) != Errno.None;
        _end = _refused ? _end : offset + ahead;
    }

    /// <summary>Gives back what is behind the end of the file.</summary>
    public readonly Errno Trim(SafeFileHandle file, long length) => _end > length ? FileIo.SetLength(file, length) : Errno.None;
}
