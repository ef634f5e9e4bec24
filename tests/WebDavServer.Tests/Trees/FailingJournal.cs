using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Trees;

/// <summary>A journal that can note moves and drop the notes, but not complete them: the disk is full.</summary>
internal sealed class FailingJournal(IMoveJournal journal) : IMoveJournal
{
    /// <inheritdoc/>
    public ValueTask<MoveNote> BeginAsync(
        Entry source, DavPath destination, Entry? replaced, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation) =>
        journal.BeginAsync(source, destination, replaced, ended, cancellation);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(MoveNote note) => throw new StoreException(StoreFault.NoSpace, DavPath.Root, "as the test asked");

    /// <inheritdoc/>
    public ValueTask AbandonAsync(MoveNote note) => journal.AbandonAsync(note);
}
