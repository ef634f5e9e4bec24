using Microsoft.Extensions.Logging;
using WebDav.Protocol;

namespace WebDav.State;

/// <summary>
/// Forgets, at the start and before the first request, the state of what was removed behind the server's back: a file that gets
/// the same name later must not come with the locks and properties of its predecessor.
/// </summary>
internal sealed class StateSweep(IStateDatabase database, TransferIntents intents, TimeProvider time, ILogger<StateSweep> logger)
{
    /// <summary>Resources per query and per commit: memory is bounded, however many there are.</summary>
    private const int Page = 500;

    private const string SelectLocked = "SELECT DISTINCT root FROM lock WHERE root > @root ORDER BY root LIMIT @page";

    private const string DeleteExpired = "DELETE FROM lock WHERE expires <= @now";

    private const string DeleteLocked = "DELETE FROM lock WHERE root = @root";

    /// <summary>Sweeps once.</summary>
    /// <param name="exists">Whether a resource is there. It throws when it cannot tell: what it denies is forgotten.</param>
    /// <param name="cancellation">Ends the sweep between two resources; what was removed stays removed.</param>
    /// <exception cref="InvalidOperationException">
    /// A move is not settled: its properties are still kept under the name that the resource had before, and would be lost.
    /// </exception>
    public async ValueTask<SweepReport> RunAsync(Func<DavPath, CancellationToken, ValueTask<bool>> exists, CancellationToken cancellation)
    {
        if ((await intents.PendingAsync(server: null, cancellation)).Count > 0)
        {
            throw new InvalidOperationException("Moves that were under way must be completed or abandoned before the sweep");
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var expired = await database.WriteAsync(DavPath.Root, session => session.Execute(DeleteExpired, ("@now", now)), cancellation);
        if (!await exists(DavPath.Root, cancellation))
        {
            // A disk that is not mounted is no reason to forget everything on it.
            StateLog.RootMissing(logger);
            return new SweepReport(0, 0, expired);
        }

        var properties = await SweepAsync(ResourcesAfter, PropertyRows.DeleteOne, exists, cancellation);
        await database.WriteAsync(DavPath.Root, PropertyRows.DeleteEmptyCollections, cancellation);
        var locks = await SweepAsync(LockedAfter, DeleteLocks, exists, cancellation);
        var report = new SweepReport(properties, (int)locks, expired);
        if (report is not { Properties: 0, Locks: 0, Expired: 0 })
        {
            StateLog.Swept(logger, report.Properties, report.Locks, report.Expired);
        }

        return report;
    }

    private static List<DavPath> ResourcesAfter(StateSession session, DavPath last) =>
        PropertyRows.ResourcesAfter(session, DavPath.Root, last);

    private static List<DavPath> LockedAfter(StateSession session, DavPath last)
    {
        var page = new List<DavPath>();
        using var rows = session.Query(SelectLocked, ("@root", last.Value), ("@page", Page));
        while (rows.Read())
        {
            page.Add(DavPath.FromValue(rows.GetString(0)));
        }

        return page;
    }

    private static int DeleteLocks(StateSession session, DavPath root) => session.Execute(DeleteLocked, ("@root", root.Value));

    private async ValueTask<long> SweepAsync(
        Func<StateSession, DavPath, List<DavPath>> next,
        Func<StateSession, DavPath, int> remove,
        Func<DavPath, CancellationToken, ValueTask<bool>> exists,
        CancellationToken cancellation)
    {
        var removed = 0L;
        var last = DavPath.Root;
        while (await database.ReadAsync(last, session => next(session, last), cancellation) is { Count: > 0 } page)
        {
            var gone = new List<DavPath>();
            foreach (var path in page)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!await exists(path, cancellation))
                {
                    gone.Add(path);
                }
            }

            if (gone.Count > 0)
            {
                removed += await database.WriteAsync(last, session => gone.Sum(path => (long)remove(session, path)), cancellation);
            }

            last = page[^1];
        }

        return removed;
    }
}
