using Microsoft.Win32.SafeHandles;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// Tells one entry of a directory that was reached in two ways (through a link to the directory, through another mount of it, or
/// in other letters where the file system takes them for the same) from two names of one file. What has only one name is lost
/// when that name goes.
/// </summary>
internal static class SameEntry
{
    /// <summary>Whether two names that lead to one file or directory may be one entry; where it cannot be known, they may.</summary>
    /// <param name="directory">The directory of the one name.</param>
    /// <param name="name">That name, NUL included.</param>
    /// <param name="stat">What is there.</param>
    /// <param name="other">The place of the other name.</param>
    /// <param name="otherStat">What is there: of the same identity.</param>
    public static bool May(SafeFileHandle directory, byte[] name, in Stat stat, Place other, in Stat otherStat)
    {
        // A directory has no second name (link(2)). What is seen through another mount may be that mount, or be in it.
        if (stat.IsDirectory || stat.Links < 2 || stat.Mount != otherStat.Mount)
        {
            return true;
        }

        if (Posix.Stat(directory, out var holder) != Errno.None || Posix.Stat(other.Directory, out var otherHolder) != Errno.None)
        {
            return true;
        }

        return holder.Identity == otherHolder.Identity && (name.AsSpan().SequenceEqual(other.Name) || !HasBoth(directory, name, other.Name));
    }

    // Only the directory itself knows how its names are spelled, and which of them are two.
    private static bool HasBoth(SafeFileHandle directory, byte[] name, byte[] other)
    {
        var found = 0;
        if (DirectoryReader.Open(directory, NameBytes.Itself, out var reader) == Errno.None)
        {
            using (reader)
            {
                while (found < 2 && reader.Read(out _))
                {
                    found += reader.Name.SequenceEqual(name) || reader.Name.SequenceEqual(other) ? 1 : 0;
                }
            }
        }

        return found == 2;
    }
}
