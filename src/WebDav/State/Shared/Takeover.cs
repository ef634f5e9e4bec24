using Microsoft.Extensions.Logging;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State.Shared;

/// <summary>
/// Clears up after a server that is dead, or is taken for it. Its leases keep everybody away until all is settled, so the order is what
/// counts: first it loses the database, then its staging directory, without which it can publish, move and remove nothing, whenever it
/// may wake up; then what it was at is finished or undone; and only then its leases end.
/// </summary>
/// <remarks>Each step can be done again by another, if this server dies in the middle: it is fenced before, in the same way.</remarks>
internal sealed class Takeover(
    SharedDatabase database,
    Seat seat,
    StateOptions options,
    ISharedStaging staging,
    TransferIntents intents,
    TransferRecovery transfers,
    IOperationLog operations,
    TimeProvider time,
    ILogger<Takeover> logger)
{
    /// <summary>Takes over from a server, if that is not done yet.</summary>
    public async ValueTask RunAsync(string server, string host, CancellationToken cancellation)
    {
        var self = seat.Name;
        if (!await database.WriteAsync(DavPath.Root, session => ServerRows.TryClaim(session, server, self, options.HeartbeatTimeout), cancellation))
        {
            return;
        }

        SharedLog.TakesOver(logger, server, host);
        var moves = (await intents.PendingAsync(server, cancellation))
            .Where(intent => intent.Kind == TransferKind.Move)
            .GroupBy(intent => TransferIntents.NumberOf(intent.Identity))
            .ToDictionary(same => same.Key, same => same.Last().Source);
        foreach (var (source, place) in staging.Fence(server, moves))
        {
            SharedLog.KeptAside(logger, source, place);
        }

        await transfers.RunAsync(server, cancellation);
        await operations.InterruptAsync(server, time.GetUtcNow(), cancellation);
        await database.WriteAsync(DavPath.Root, session => ServerRows.Remove(session, server), cancellation);
        staging.Clear();
    }
}
