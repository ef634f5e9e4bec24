using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Removes whatever has a name, with all that is below it, by raw names and without following links.</summary>
internal static class TreeRemover
{
    // A tree may be deeper than a process may have files open. What lies deeper than this is moved up to the tree's own top,
    // and removed from there in the next round.
    private const int DeepestOpen = 32;

    /// <summary>Removes, yielding 1 for each entry that is gone and 0 for other steps. What cannot be removed is passed over.</summary>
    /// <param name="parent">The directory that holds the name; held open by the caller.</param>
    /// <param name="name">The name, NUL included.</param>
    public static IEnumerable<int> Remove(SafeFileHandle parent, byte[] name)
    {
        if (Posix.Unlink(parent, name) == Errno.None)
        {
            yield return 1;
            yield break;
        }

        bool again;
        do
        {
            if (Posix.RemoveDirectory(parent, name) == Errno.None)
            {
                yield return 1;
                yield break;
            }

            again = false;
            foreach (var removed in Empty(parent, name))
            {
                again = true;
                yield return removed;
            }
        }
        while (again);
    }

    private static IEnumerable<int> Empty(SafeFileHandle parent, byte[] name)
    {
        var open = new Stack<(DirectoryReader Reader, byte[] Name)>();
        try
        {
            Enter(open, parent, name);
            while (open.TryPeek(out var deepest))
            {
                if (deepest.Reader.Read(out _))
                {
                    if (RemoveNext(open, deepest.Reader) is { } removed)
                    {
                        yield return removed;
                    }

                    continue;
                }

                open.Pop().Reader.Dispose();
                if (open.TryPeek(out var above) && Posix.RemoveDirectory(above.Reader.Directory, deepest.Name) == Errno.None)
                {
                    yield return 1;
                }
            }
        }
        finally
        {
            foreach (var (reader, _) in open)
            {
                reader.Dispose();
            }
        }
    }

    // What the step has done: null for nothing.
    private static int? RemoveNext(Stack<(DirectoryReader Reader, byte[] Name)> open, DirectoryReader at)
    {
        if (at.Type != EntryType.Directory && Posix.Unlink(at.Directory, at.Name) == Errno.None)
        {
            return 1;
        }

        var error = Posix.RemoveDirectory(at.Directory, at.Name);
        if (error == Errno.None)
        {
            return 1;
        }

        if (error is not (Errno.NotEmpty or Errno.Exists))
        {
            return null; // a file that cannot be removed, or a directory that something is mounted on
        }

        if (open.Count < DeepestOpen)
        {
            Enter(open, at.Directory, at.Name.ToArray());
            return null;
        }

        var top = open.Last().Reader.Directory;
        return Posix.Rename(at.Directory, at.Name, top, HiddenNames.NameOf(Guid.NewGuid()), RenameHow.NoReplace) == Errno.None ? 0 : null;
    }

    private static void Enter(Stack<(DirectoryReader Reader, byte[] Name)> open, SafeFileHandle parent, byte[] name)
    {
        if (DirectoryReader.Open(parent, name, out var reader) == Errno.None)
        {
            open.Push((reader, name));
        }
        else
        {
            reader.Dispose();
        }
    }
}
