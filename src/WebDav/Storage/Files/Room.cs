using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>Room at a place: on what is mounted there, or else where the place's directory is.</summary>
internal static class Room
{
    /// <summary>Asks for it.</summary>
    public static Errno At(Place place, out StoreSpace space)
    {
        var error = Posix.OpenAt(place.Directory, place.Name, OpenFlags.DirectoryHandle | OpenFlags.Handle, out var directory);
        using (directory)
        {
            return FileIo.Space(error == Errno.None ? directory : place.Directory, out space);
        }
    }
}
