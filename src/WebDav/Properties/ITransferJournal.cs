using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>
/// Keeps a MOVE or COPY whole when the server ends in the middle of it: what goes with a resource is noted before the one step
/// on the disk that counts, and carried out after it. A note that is found at the next start is carried out or dropped, as that
/// step was done or not.
/// </summary>
internal interface ITransferJournal
{
    /// <summary>Notes a rename that is going to be done.</summary>
    /// <param name="source">What is renamed.</param>
    /// <param name="destination">To what.</param>
    /// <param name="replaced">What stands there; null where nothing does.</param>
    /// <param name="ended">The locks that end with the move.</param>
    /// <param name="cancellation">Takes the note back if it is not written yet.</param>
    ValueTask<TransferNote> BeginMoveAsync(
        Entry source, DavPath destination, Entry? replaced, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation);

    /// <summary>Notes a copy that is whole and going to be published.</summary>
    /// <param name="source">What was copied.</param>
    /// <param name="destination">Where the copy will be.</param>
    /// <param name="identity">The <see cref="Entry.Identity"/> that it will have.</param>
    /// <param name="tree">Whether the members were copied too.</param>
    /// <param name="ended">The locks that end with what it replaces.</param>
    /// <param name="cancellation">Takes the note back if it is not written yet.</param>
    ValueTask<TransferNote> BeginCopyAsync(
        DavPath source, DavPath destination, Identity identity, bool tree, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation);

    /// <summary>
    /// The step is done: the destination gets the dead properties of the source (of its tree, or of the resource alone) in place of
    /// all it had, after a move the source loses them, the locks end and the note is dropped, all in one step.
    /// </summary>
    /// <exception cref="StoreException">It could not be kept: nothing of that was done, and the note stands.</exception>
    ValueTask CompleteAsync(TransferNote note);

    /// <summary>As <see cref="CompleteAsync"/>, of a step that cannot be taken back: what cannot be kept now is kept before all that comes later.</summary>
    ValueTask OweAsync(TransferNote note);

    /// <summary>The step was not done: drops the note, at the latest before anything else is kept.</summary>
    ValueTask AbandonAsync(TransferNote note);
}
