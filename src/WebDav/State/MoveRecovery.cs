using Microsoft.Extensions.Logging;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.State;

/// <summary>Finishes the moves that the end of the server interrupted, or drops those that had not begun; at the start, before the first request.</summary>
internal sealed partial class MoveRecovery(
    MoveIntents intents, IStore store, ILockStore locks, DeleteTree delete, ILogger<MoveRecovery> logger)
{
    public async ValueTask RunAsync(CancellationToken cancellation)
    {
        foreach (var intent in await intents.PendingAsync(cancellation))
        {
            var source = await store.FindAsync(intent.Source, cancellation);
            var destination = await store.FindAsync(intent.Destination, cancellation);
            if (destination is null || (source is not null && !WasExchanged(source, destination, intent)))
            {
                // Not begun; or the source's name has been given to something new since, which keeps it and what goes with it.
                await intents.AbandonAsync(intent.Id, cancellation);
                continue;
            }

            await intents.CompleteMoveAsync(intent.Id, await EndedAsync(intent, cancellation), cancellation);
            LogCompleted(intent.Source, intent.Destination);
            if (source is not null)
            {
                // The exchange was done, but what was replaced had not yet been taken away from the source's name.
                await foreach (var _ in delete.RunAsync(source, cancellation))
                {
                }
            }
        }
    }

    private static bool WasExchanged(Entry source, Entry destination, MoveIntent intent) =>
        string.Equals(MoveIntents.Identify(destination), intent.Identity, StringComparison.Ordinal)
        && string.Equals(MoveIntents.IdentifyReplaced(source), intent.Replaced, StringComparison.Ordinal);

    private async ValueTask<IReadOnlyCollection<LockToken>> EndedAsync(MoveIntent intent, CancellationToken cancellation) =>
    [
        .. from active in await locks.LoadAsync(cancellation)
           where active.Root.IsAtOrBelow(intent.Source) || active.Root.IsBelow(intent.Destination)
           select active.Token,
    ];

    [LoggerMessage(Level = LogLevel.Information, Message = "The move of {Source} to {Destination}, interrupted when the server ended, is complete")]
    private partial void LogCompleted(DavPath source, DavPath destination);
}
