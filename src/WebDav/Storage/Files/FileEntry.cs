using System.Globalization;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Makes entries of what the kernel says.</summary>
internal static class FileEntry
{
    /// <summary>The entry of a file or directory.</summary>
    public static Entry Of(DavPath path, in Stat stat, bool isLink) => new(
        path,
        stat.IsDirectory ? EntryKind.Collection : EntryKind.File,
        stat.IsDirectory ? 0 : stat.Size,
        stat.Modified.ToDate(),
        stat.Born.ToDate(),
        Tag(stat))
    {
        IsLink = isLink,
        Identity = stat.Identity,
        Accessed = stat.Accessed.ToDate(),
        IsReadOnly = Attributes.IsReadOnly(stat),
    };

    // The change time is in it because programs set the modification time back after they have written (RFC 9110 8.8.1 asks
    // a strong validator to change with every change); the inode because a replacement may come within one tick of the clock.
    private static ETag Tag(in Stat stat)
    {
        var (inode, size) = (stat.Identity.Number, stat.IsDirectory ? 0 : stat.Size);
        var (modified, changed) = (stat.Modified, stat.Changed);
        return new ETag(string.Create(
            CultureInfo.InvariantCulture,
            $"{inode:x}-{size:x}-{modified.Seconds:x}.{modified.Nanoseconds:x}-{changed.Seconds:x}.{changed.Nanoseconds:x}"));
    }
}
