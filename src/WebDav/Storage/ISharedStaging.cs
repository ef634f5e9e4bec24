using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>
/// The part of a store that lets several servers share its directory. Each has a staging directory of its own, and changes names only by
/// renaming to or from there; so whoever takes that directory away stops all that its server was about to do, at whatever instruction
/// it may be held up.
/// </summary>
internal interface ISharedStaging
{
    /// <summary>The names of all staging directories there are.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Makes the staging directory of a name, which is this server's from now on.</summary>
    void Enter(string server);

    /// <summary>Removes this server's own staging directory, in which nothing is left that counts.</summary>
    void Leave();

    /// <summary>Takes away the staging directory of another server: it can change no name any more.</summary>
    /// <param name="server">Its name.</param>
    /// <param name="moves">
    /// What that server was moving, by the number of the file or directory, and where it was: what lies between its two names gets the
    /// first one back.
    /// </param>
    /// <returns>What was kept elsewhere, because something else has its name now: where it was, and where it is.</returns>
    /// <exception cref="StoreException">That could not be done, or not yet wholly.</exception>
    IReadOnlyList<(DavPath Path, string Place)> Fence(string server, IReadOnlyDictionary<ulong, DavPath> moves);

    /// <summary>Removes what was taken away with the staging directories of others.</summary>
    void Clear();
}
