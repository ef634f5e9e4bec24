using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>
/// Keeps a MOVE whole when the server ends in the middle of it: what moves with a resource is noted before its rename, and
/// carried out after it. A note that is found at the next start is carried out or dropped, as the rename was done or not.
/// </summary>
internal interface IMoveJournal
{
    /// <summary>Notes a rename that is going to be done.</summary>
    /// <param name="source">What is renamed.</param>
    /// <param name="destination">To what.</param>
    /// <param name="replaced">What stands there; null where nothing does.</param>
    /// <param name="ended">The locks that end with the move.</param>
    /// <param name="cancellation">Takes the note back if it is not written yet.</param>
    ValueTask<MoveNote> BeginAsync(
        Entry source, DavPath destination, Entry? replaced, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation);

    /// <summary>The rename is done: moves the dead properties of the tree, ends the locks, and drops the note, all in one step.</summary>
    ValueTask CompleteAsync(MoveNote note);

    /// <summary>The rename was not done: drops the note.</summary>
    ValueTask AbandonAsync(MoveNote note);
}
