using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>
/// From the paths of resources to places on the disk. A path without links is one openat2(2); one with links is walked by
/// <see cref="LinkWalk"/>. Either way the result is a directory that is held open, inside the root at that moment.
/// </summary>
internal sealed class PathResolver(SafeFileHandle root, Identity rootIdentity, SymlinkPolicy policy, HiddenNames hidden)
{
    /// <summary>How paths without links are opened.</summary>
    public DirectPath Direct { get; } = new();

    /// <summary>The place that a path names; what is there, if anything, is not looked at.</summary>
    public Errno Parent(DavPath path, out Place place)
    {
        place = Place.Nowhere;
        if (path.IsRoot)
        {
            place = new Place(root, owned: false, NameBytes.Itself);
            return Errno.None;
        }

        var error = NameBytes.TryEncode(path.Name, out var name);
        if (error != Errno.None)
        {
            return error;
        }

        if (path.Parent.IsRoot)
        {
            place = new Place(root, owned: false, name, atRoot: true);
            return Errno.None;
        }

        error = Collection(path.Parent, out var holder, out var atRoot);
        place = error == Errno.None ? new Place(holder, owned: true, name, atRoot) : place;
        return error;
    }

    /// <summary>What a path names, through links as the policy allows.</summary>
    /// <param name="path">The path.</param>
    /// <param name="place">Where it really is; not a link.</param>
    /// <param name="stat">What it is; possibly something that is no resource.</param>
    /// <param name="isLink">Whether the path's own last name is a link.</param>
    public Errno Look(DavPath path, out Place place, out Stat stat, out bool isLink)
    {
        stat = default;
        isLink = false;
        var error = Parent(path, out place);
        if (error == Errno.None)
        {
            error = place.IsReserved || hidden.Contains(place.Name) ? Errno.NoEntry : Posix.StatAt(place.Directory, place.Name, out stat);
        }

        if (error == Errno.None && stat.IsLink)
        {
            isLink = true;
            place.Dispose();
            error = Follow(path, mayEndInFile: true, out place);
            if (error == Errno.None)
            {
                error = Posix.StatAt(place.Directory, place.Name, out stat);
            }

            if (error == Errno.None && stat.IsLink)
            {
                error = Errno.Loop; // a link again, since a moment ago
            }
        }

        if (error != Errno.None)
        {
            place.Dispose();
            place = Place.Nowhere;
        }

        return error;
    }

    /// <summary>Whether a directory is the root itself.</summary>
    public bool IsRoot(Stat stat) => stat.Identity == rootIdentity;

    private Errno Collection(DavPath path, out SafeFileHandle directory, out bool isRoot)
    {
        isRoot = false;
        directory = Place.Nowhere.Directory;
        if (ReservedName.Matches(path.FirstName))
        {
            return Errno.NoEntry;
        }

        var error = NameBytes.TryEncode(path.Value.AsSpan(1), out var names);
        if (error != Errno.None)
        {
            return error;
        }

        error = Direct.Open(root, names, out directory);
        if (policy == SymlinkPolicy.Never || !(error == Errno.Loop || (error == Errno.NotDirectory && !Direct.HasOpenAt2)))
        {
            return error;
        }

        error = Follow(path, mayEndInFile: false, out var place);
        if (error == Errno.None)
        {
            using (place)
            {
                error = Posix.OpenAt(place.Directory, NameBytes.Itself, OpenFlags.DirectoryHandle, out directory);
                if (error == Errno.None && (error = Posix.Stat(directory, out var stat)) == Errno.None)
                {
                    isRoot = IsRoot(stat);
                }
            }
        }

        return error;
    }

    private Errno Follow(DavPath path, bool mayEndInFile, out Place place)
    {
        place = Place.Nowhere;
        var error = NameBytes.TryEncode(path.Value, out var names);
        if (error != Errno.None)
        {
            return error;
        }

        using var walk = new LinkWalk(root, rootIdentity, policy);
        return walk.Follow(names, mayEndInFile, out place);
    }
}
