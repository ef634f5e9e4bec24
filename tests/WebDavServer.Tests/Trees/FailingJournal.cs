using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Trees;

/// <summary>A journal that can note transfers and drop the notes, but not complete them: the disk is full.</summary>
internal sealed class FailingJournal(ITransferJournal journal) : ITransferJournal
{
    /// <inheritdoc/>
    public ValueTask<TransferNote> BeginMoveAsync(
        Entry source, DavPath destination, Entry? replaced, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation) =>
        journal.BeginMoveAsync(source, destination, replaced, ended, cancellation);

    /// <inheritdoc/>
    public ValueTask<TransferNote> BeginCopyAsync(
        DavPath source, DavPath destination, Identity identity, bool tree, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation) =>
        journal.BeginCopyAsync(source, destination, identity, tree, ended, cancellation);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(TransferNote note) => throw new StoreException(StoreFault.NoSpace, DavPath.Root, "as the test asked");

    /// <inheritdoc/>
    public ValueTask OweAsync(TransferNote note) => journal.OweAsync(note);

    /// <inheritdoc/>
    public ValueTask AbandonAsync(TransferNote note) => journal.AbandonAsync(note);
}
