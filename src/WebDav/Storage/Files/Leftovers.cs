using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Removes what a run of the server that was killed has left: in the staging directory, and where its pointers say.</summary>
internal static class Leftovers
{
    /// <summary>What the names of pointer files end in.</summary>
    public const string PointerSuffix = ".at";

    /// <summary>Empties a staging directory; the served tree is never searched.</summary>
    public static void Clear(SafeFileHandle staging, ILogger log)
    {
        var names = new List<byte[]>();
        if (DirectoryReader.Open(staging, NameBytes.Itself, out var reader) == Errno.None)
        {
            using (reader)
            {
                while (reader.Read(out _))
                {
                    names.Add(reader.Name.ToArray());
                }
            }
        }

        var count = 0;
        foreach (var name in names)
        {
            if (name.AsSpan(0, name.Length - 1).EndsWith(".at"u8) && !FollowPointer(staging, name, log, ref count))
            {
                continue; // kept for the next start
            }

            count += TreeRemover.Remove(staging, name).Sum();
            if (Posix.StatAt(staging, name, out _) == Errno.None)
            {
                log.LeftoverStays(NameBytes.Show(name));
            }
        }

        if (count > 0)
        {
            log.StagingCleared(count);
        }
    }

    private static bool FollowPointer(SafeFileHandle staging, byte[] pointer, ILogger log, ref int count)
    {
        var path = ReadPointer(staging, pointer);
        var slash = path.AsSpan().LastIndexOf((byte)'/');
        byte[] name = [.. path.AsSpan(slash + 1), 0];
        if (slash < 0 || path[0] != (byte)'/' || !HiddenNames.IsOne(name, out _))
        {
            return true; // cut short by the crash, so nothing was made there yet
        }

        var error = Posix.Open([.. path.AsSpan(0, Math.Max(slash, 1)), 0], OpenFlags.DirectoryHandle, 0, out var directory);
        using (directory)
        {
            if (error != Errno.None)
            {
                return error.MeansAbsent();
            }

            count += TreeRemover.Remove(directory, name).Sum();
            if (Posix.StatAt(directory, name, out _) != Errno.None)
            {
                return true;
            }

            log.LeftoverStays(Encoding.UTF8.GetString(path));
            return false;
        }
    }

    private static byte[] ReadPointer(SafeFileHandle staging, byte[] pointer)
    {
        var text = new byte[8192];
        var error = Posix.OpenAt(staging, pointer, OpenFlags.ReadFile, out var file);
        using (file)
        {
            return error == Errno.None && FileIo.Read(file, text, 0, out var length) == Errno.None ? text[..length] : [];
        }
    }

}
