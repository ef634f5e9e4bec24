using WebDav.Protocol;

namespace WebDav.Properties;

/// <summary>A step that was noted in an <see cref="ITransferJournal"/>.</summary>
/// <param name="Id">The note; null where nothing has to be kept, because nothing is known of either tree.</param>
/// <param name="Ended">The locks that end with it.</param>
internal readonly record struct TransferNote(Guid? Id, IReadOnlyCollection<LockToken> Ended);
