using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// A name in a directory that is held open. Whatever happens to the path that led to the directory, calls on the name stay in it.
/// </summary>
internal sealed class Place(SafeFileHandle directory, bool owned, byte[] name, bool atRoot = false) : IDisposable
{
    /// <summary>What stands in for a place that could not be found.</summary>
    public static Place Nowhere { get; } = new(new SafeFileHandle(), owned: false, NameBytes.Itself);

    /// <summary>The directory that holds the name.</summary>
    public SafeFileHandle Directory => directory;

    /// <summary>The name, NUL included; <c>.</c> for the directory itself.</summary>
    public byte[] Name => name;

    /// <summary>Whether this is the server's own name at the root, by whatever way it was reached.</summary>
    public bool IsReserved => atRoot && NameBytes.TryDecode(name, out var text) && ReservedName.Matches(text);

    /// <summary>Another name in the same directory; good for as long as this place is.</summary>
    public Place Beside(byte[] other) => new(directory, owned: false, other, atRoot);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (owned)
        {
            directory.Dispose();
        }
    }
}
