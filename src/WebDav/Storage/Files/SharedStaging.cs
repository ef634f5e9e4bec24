using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>The staging directories of the servers that share a directory, each below one parent.</summary>
internal sealed class SharedStaging(Volume volume, string parent) : ISharedStaging
{
    private const int MostRounds = 1000;

    private readonly List<byte[]> _taken = [];
    private string? _own;

    private StagingArea Staging => volume.Staging;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => volume.IsReadOnly || !Directory.Exists(parent)
        ? []
        : [.. Directory.GetDirectories(parent).Select(path => Path.GetFileName(path)!)];

    /// <inheritdoc/>
    public void Enter(string server)
    {
        _own = Path.Combine(parent, server);
        _taken.Clear();
        if (!volume.IsReadOnly)
        {
            Staging.Open(_own);
        }
    }

    /// <inheritdoc/>
    public void Leave()
    {
        if (_own is not null && !volume.IsReadOnly && Directory.Exists(_own))
        {
            Directory.Delete(_own, recursive: true);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<(DavPath Path, string Place)> Fence(string server, IReadOnlyDictionary<ulong, DavPath> moves)
    {
        var aside = new List<(DavPath, string)>();
        var whole = Path.Combine(parent, server);
        for (var round = 0; Directory.Exists(whole); round++)
        {
            if (round == MostRounds || !TryFence(server, moves, aside))
            {
                throw new StoreException(StoreFault.Busy, DavPath.Root, $"the staging directory {whole} cannot be taken away");
            }
        }

        return aside;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        foreach (var name in _taken.ToArray())
        {
            foreach (var _ in TreeRemover.Remove(Staging.Own, name))
            {
                // to the end
            }

            _taken.Remove(name);
        }
    }

    // All that is in it goes to the own staging directory, each thing in one step: its server would publish a half of what is removed
    // bit by bit. Then the directory itself, unless that server, awake, has put something new in it meanwhile.
    private bool TryFence(string server, IReadOnlyDictionary<ulong, DavPath> moves, List<(DavPath Path, string Place)> aside)
    {
        if (Open(server, out var directory) != Errno.None)
        {
            return true; // it went a moment ago
        }

        using (directory)
        {
            foreach (var name in NamesIn(directory))
            {
                if (Posix.StatAt(directory, name, out var stat) == Errno.None && moves.TryGetValue(stat.Identity.Number, out var path))
                {
                    if (GiveBack(directory, name, path) is { } place)
                    {
                        aside.Add((path, place));
                    }
                }
                else if (!TryTake(directory, name))
                {
                    return false;
                }
            }
        }

        using var above = OpenParent();
        return Posix.RemoveDirectory(above, NameBytes.Encode(server)) is Errno.None or Errno.NotEmpty or Errno.Exists or Errno.NoEntry;
    }

    private bool TryTake(SafeFileHandle directory, byte[] name)
    {
        var taken = HiddenNames.NameOf(Guid.NewGuid());
        var error = Posix.Rename(directory, name, Staging.Own, taken);
        if (error == Errno.None)
        {
            _taken.Add(taken);
        }

        return error == Errno.None || (error == Errno.NoEntry && !StagingArea.IsGone(Staging.Own));
    }

    private string? GiveBack(SafeFileHandle directory, byte[] name, DavPath path)
    {
        try
        {
            using var place = volume.PlaceToWrite(path);
            if (Replacement.RenameToNew(directory, name, place) is Errno.None or Errno.NoEntry)
            {
                return null;
            }
        }
        catch (StoreException)
        {
            // Its collection is gone, which a lease should have kept: another program was there.
        }

        return KeepAside(directory, name);
    }

    private SafeFileHandle OpenParent()
    {
        var error = Posix.Open(NameBytes.Encode(parent), OpenFlags.DirectoryHandle, 0, out var directory);
        return error == Errno.None ? directory : throw error.At(DavPath.Root, $"opening {parent}");
    }

    private Errno Open(string server, out SafeFileHandle directory) =>
        Posix.Open(NameBytes.Encode(Path.Combine(parent, server)), OpenFlags.DirectoryHandle, 0, out directory);

    private static List<byte[]> NamesIn(SafeFileHandle directory)
    {
        var names = new List<byte[]>();
        if (DirectoryReader.Open(directory, NameBytes.Itself, out var reader) == Errno.None)
        {
            using (reader)
            {
                while (reader.Read(out _))
                {
                    names.Add(reader.Name.ToArray());
                }
            }
        }

        return names;
    }

    private string? KeepAside(SafeFileHandle directory, byte[] name)
    {
        var aside = Path.Combine(Path.GetDirectoryName(parent)!, "aside");
        Directory.CreateDirectory(aside);
        var kept = Guid.NewGuid().ToString("N");
        var error = Posix.Open(NameBytes.Encode(aside), OpenFlags.DirectoryHandle, 0, out var there);
        using (there)
        {
            error = error == Errno.None ? Posix.Rename(directory, name, there, NameBytes.Encode(kept)) : error;
            return error == Errno.None ? Path.Combine(aside, kept)
                : error == Errno.NoEntry ? null
                : throw error.At(DavPath.Root, "keeping what has lost its name");
        }
    }
}
