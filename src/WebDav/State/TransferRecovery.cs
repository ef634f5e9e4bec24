using System.Globalization;
using Microsoft.Extensions.Logging;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.State;

/// <summary>
/// Finishes the moves and copies that the end of the server interrupted after the step that counts, and drops those where it came
/// before; at the start, before the first request, or when another server has died.
/// </summary>
internal sealed partial class TransferRecovery(
    TransferIntents intents, IStore store, ILockStore locks, DeleteTree delete, ILogger<TransferRecovery> logger)
{
    /// <summary>Does it.</summary>
    /// <param name="server">The server that has died; null where there is but one.</param>
    /// <param name="cancellation">Ends it between two transfers.</param>
    public async ValueTask RunAsync(string? server, CancellationToken cancellation)
    {
        foreach (var intent in await intents.PendingAsync(server, cancellation))
        {
            var source = await store.FindAsync(intent.Source, cancellation);
            var destination = await store.FindAsync(intent.Destination, cancellation);
            if (!WasDone(intent, source, destination))
            {
                await intents.AbandonAsync(intent.Id, cancellation);
                continue;
            }

            await intents.CompleteAsync(intent.Id, await EndedAsync(intent, cancellation), cancellation);
            LogCompleted(intent.Kind, intent.Source, intent.Destination);
            if (source is not null && intent.Kind == TransferKind.Move)
            {
                // The exchange was done, but what was replaced had not yet been taken away from the source's name.
                await foreach (var _ in delete.RunAsync(source, new TreeControl(cancellation)))
                {
                }
            }
        }
    }

    // Something new may have been given the source's name since: it keeps that, and what goes with it.
    private static bool WasDone(TransferIntent intent, Entry? source, Entry? destination) => intent.Kind == TransferKind.Move
        ? destination is not null && (source is null || (IsIt(destination, intent) && IsReplaced(source, intent)))
        : destination is not null && IsIt(destination, intent);

    private static bool IsIt(Entry destination, TransferIntent intent) =>
        TransferIntents.NumberOf(intent.Identity) == destination.Identity.Number;

    private static bool IsReplaced(Entry source, TransferIntent intent) => intent.Replaced?.Split(' ') is [var identity, var created]
        && TransferIntents.NumberOf(identity) == source.Identity.Number
        && string.Equals(created, source.Created.UtcTicks.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async ValueTask<IReadOnlyCollection<LockToken>> EndedAsync(TransferIntent intent, CancellationToken cancellation) =>
    [
        .. from active in await locks.LoadAsync(cancellation)
           where active.Root.IsBelow(intent.Destination) || (intent.Kind == TransferKind.Move && active.Root.IsAtOrBelow(intent.Source))
           select active.Token,
    ];

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Kind} of {Source} to {Destination}, interrupted when the server ended, is complete")]
    private partial void LogCompleted(TransferKind kind, DavPath source, DavPath destination);
}
