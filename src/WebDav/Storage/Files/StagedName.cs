using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// A name out of sight for something unfinished, on the mount where it will be needed: in the staging directory, or beside the
/// target, with a pointer in the staging directory so that the next start finds it.
/// </summary>
internal sealed class StagedName(SafeFileHandle directory, byte[] name, Action? release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The directory that holds the name.</summary>
    public SafeFileHandle Directory => directory;

    /// <summary>The name, NUL included.</summary>
    public byte[] Name => name;

    /// <summary>Whether this is beside the target, not in the staging directory.</summary>
    public bool IsBeside { get; } = release is not null;

    /// <summary>Removes the file that has the name and gives the name up.</summary>
    public void Discard()
    {
        Posix.Unlink(directory, name);
        Dispose();
    }

    /// <summary>Gives the name up, once nothing has it any more.</summary>
    public void Dispose()
    {
        _release?.Invoke();
        _release = null;
    }
}
