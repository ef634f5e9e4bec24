using System.Security.Cryptography;
using System.Text;
using Npgsql;
using WebDav.Locking;
using WebDav.Protocol;

namespace WebDav.State.Shared;

/// <summary>
/// What is done to the table <c>lease</c>. A lease is taken, and the locks that matter under it are read, in one transaction and one
/// round trip: nothing is remembered, so nothing can be out of date.
/// </summary>
/// <remarks>
/// Transactions that could take conflicting claims follow one another by advisory locks, which end with them: on each path, and on all
/// paths at once for claims on trees. So each sees all leases that were taken before, and a lock that was granted under one of them.
/// </remarks>
internal static class LeaseRows
{
    private const long AllPaths = 8_386_662_002;

    private const string Turn =
        "SELECT CASE WHEN shared THEN pg_advisory_xact_lock_shared(key)::text ELSE pg_advisory_xact_lock(key)::text END "
        + "FROM unnest(@keys, @shared) AS turn(key, shared)";

    // LeaseClaim.ConflictsWith, in SQL: 0 Resource, 1 Members, 2 Tree, 3 Source; '0' is the character after '/'.
    private const string Below = "(held.path = claim.path OR (held.path >= claim.path || '/' AND held.path < claim.path || '0'))";

    private const string Above = "(claim.path = held.path OR starts_with(claim.path, held.path || '/'))";

    private const string Conflict =
        "(claim.kind = 2 AND " + Below + ") OR (held.kind = 2 AND " + Above + ") "
        + "OR (claim.kind = 2 AND held.kind = 3 AND " + Above + ") OR (held.kind = 2 AND claim.kind = 3 AND " + Below + ") "
        + "OR (claim.kind < 2 AND held.kind < 2 AND claim.kind + held.kind < 2 AND claim.path = held.path)";

    private const string Take =
        "INSERT INTO lease (id, path, kind, server, work) "
        + "SELECT DISTINCT @id, claim.path, claim.kind, @server, @work FROM unnest(@paths, @kinds) AS claim(path, kind) "
        + "WHERE EXISTS (SELECT 1 FROM server WHERE id = @server AND taker IS NULL FOR KEY SHARE) "
        + "AND NOT EXISTS (SELECT 1 FROM lease held JOIN unnest(@paths, @kinds) AS claim(path, kind) ON " + Conflict + ")";

    private const string SelectSame =
        "UPDATE lease SET awaited = TRUE WHERE work = @work RETURNING id";

    private const string SelectSeat = "SELECT 1 FROM server WHERE id = @server AND taker IS NULL";

    private const string Delete = "DELETE FROM lease WHERE id = @id RETURNING awaited";

    private const string SelectOwn = "SELECT DISTINCT id FROM lease WHERE server = @server";

    /// <summary>Takes claims if nobody is in the way.</summary>
    /// <returns>The locks of the areas; null if somebody is in the way, or this server has lost its seat.</returns>
    public static ILockView? TryTake(
        StateSession session, Guid id, string? work, IReadOnlyList<LeaseClaim> claims, IReadOnlyList<LockArea> areas, DateTimeOffset now)
    {
        var (keys, shared) = Turns(claims);
        using var batch = new NpgsqlBatch((NpgsqlConnection)session.Connection)
        {
            BatchCommands =
            {
                Command(Turn, ("@keys", keys), ("@shared", shared)),
                Command(
                    Take,
                    ("@id", id.ToString("D")), ("@server", session.Server), ("@work", work),
                    ("@paths", claims.Select(claim => claim.Path.Value).ToArray()), ("@kinds", claims.Select(claim => (int)claim.Kind).ToArray())),
                Command(LockRows.SelectAreas, LockRows.Values(areas)),
            },
        };
        using var rows = batch.ExecuteReader();
        rows.NextResult(); // past the turns; the statement that takes has no rows to show
        var locks = new LockSet(LockRows.ReadAll(rows, now));
        return batch.BatchCommands[1].Rows > 0 ? locks : null;
    }

    /// <summary>Waits, until the transaction has ended, for all others that could take what conflicts with some claims.</summary>
    public static void Follow(StateSession session, IReadOnlyList<LeaseClaim> claims)
    {
        var (keys, shared) = Turns(claims);
        session.Execute(Turn, ("@keys", keys), ("@shared", shared));
    }

    /// <summary>The lease under which another server is at the same work, which is told that somebody waits for its end.</summary>
    public static Guid? FindSame(StateSession session, string work)
    {
        using var row = session.Query(SelectSame, ("@work", work));
        return row.Read() ? Guid.ParseExact(row.GetString(0), "D") : null;
    }

    /// <summary>Whether this server has its seat.</summary>
    public static bool HasSeat(StateSession session)
    {
        using var row = session.Query(SelectSeat, ("@server", session.Server));
        return row.Read();
    }

    /// <summary>Ends a lease.</summary>
    /// <returns>Whether somebody at another server waits for the end of its work.</returns>
    public static bool End(StateSession session, Guid id)
    {
        using var row = session.Query(Delete, ("@id", id.ToString("D")));
        return row.Read() && row.GetBoolean(0);
    }

    /// <summary>The leases that this server has as far as the others know.</summary>
    public static List<Guid> Of(StateSession session)
    {
        var leases = new List<Guid>();
        using var rows = session.Query(SelectOwn, ("@server", session.Server));
        while (rows.Read())
        {
            leases.Add(Guid.ParseExact(rows.GetString(0), "D"));
        }

        return leases;
    }

    /// <summary>What makes two requests the same work, in a form that an index takes however long it is.</summary>
    public static string NameOf(string work) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(work)));

    // All paths first, then each in the order of its number, so that nobody waits in a circle. Two paths of one number follow one
    // another for nothing; that does no harm.
    private static (long[] Keys, bool[] Shared) Turns(IReadOnlyList<LeaseClaim> claims)
    {
        var trees = claims.Any(claim => claim.Kind == LeaseKind.Tree);
        var paths = new SortedDictionary<long, bool>();
        foreach (var claim in claims.Where(claim => !trees && claim.Kind is LeaseKind.Resource or LeaseKind.Members))
        {
            var key = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(claim.Path.Value)));
            paths[key] = paths.GetValueOrDefault(key, true) && claim.Kind == LeaseKind.Members;
        }

        return ([AllPaths, .. paths.Keys], [!trees, .. paths.Values]);
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in values)
        {
            command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        }

        return command;
    }
}
