namespace WebDav.State.Shared;

/// <summary>What is done to the table <c>server</c>. All times are the database's.</summary>
internal static class ServerRows
{
    private const string Insert = "INSERT INTO server (id, host, seen) VALUES (@id, @host, " + SharedSchema.Now + ")";

    private const string SelectAll = "SELECT id FROM server";

    private const string Update = "UPDATE server SET seen = " + SharedSchema.Now + " WHERE id = @id AND taker IS NULL";

    // Dead: not seen for too long, and no other who lives is taking over from it.
    private const string IsDead =
        "seen < " + SharedSchema.Now + " - @timeout AND (taker IS NULL OR taker = @self OR NOT EXISTS ("
        + "SELECT 1 FROM server taking WHERE taking.id = server.taker AND taking.taker IS NULL AND taking.seen >= " + SharedSchema.Now + " - @timeout))";

    private const string SelectDead = "SELECT id, host FROM server WHERE id <> @self AND " + IsDead;

    // For itself alone: whatever the dead one has in the middle of a transaction ends before.
    private const string HoldDead = "SELECT 1 FROM server WHERE id = @id AND " + IsDead + " FOR UPDATE";

    private const string Claim = "UPDATE server SET taker = @self WHERE id = @id";

    private const string SelectWork =
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM lease WHERE server = @id) OR EXISTS (SELECT 1 FROM intent WHERE server = @id)";

    private const string DeleteLeases = "DELETE FROM lease WHERE server = @id";

    private const string Delete = "DELETE FROM server WHERE id = @id";

    /// <summary>All servers, dead or alive.</summary>
    public static HashSet<string> All(StateSession session)
    {
        var servers = new HashSet<string>(StringComparer.Ordinal);
        using var rows = session.Query(SelectAll);
        while (rows.Read())
        {
            servers.Add(rows.GetString(0));
        }

        return servers;
    }

    /// <summary>Takes a seat.</summary>
    public static void Enter(StateSession session, string id, string host) => session.Execute(Insert, ("@id", id), ("@host", host));

    /// <summary>Gives a sign of life.</summary>
    /// <returns>Whether the seat is this server's still.</returns>
    public static bool Beat(StateSession session, string id) => session.Execute(Update, ("@id", id)) > 0;

    /// <summary>The servers that have given no sign of life for too long.</summary>
    public static List<(string Id, string Host)> Dead(StateSession session, string self, TimeSpan timeout)
    {
        var dead = new List<(string, string)>();
        using var rows = session.Query(SelectDead, ("@self", self), ("@timeout", Milliseconds(timeout)));
        while (rows.Read())
        {
            dead.Add((rows.GetString(0), rows.GetString(1)));
        }

        return dead;
    }

    /// <summary>Takes it upon a server to clear up after a dead one, which from now on can write nothing.</summary>
    /// <returns>Whether it is dead still, and nobody else's.</returns>
    public static bool TryClaim(StateSession session, string id, string self, TimeSpan timeout)
    {
        using (var row = session.Query(HoldDead, ("@id", id), ("@self", self), ("@timeout", Milliseconds(timeout))))
        {
            if (!row.Read())
            {
                return false;
            }
        }

        return session.Execute(Claim, ("@id", id), ("@self", self)) > 0;
    }

    /// <summary>Whether this server has something begun, as far as the others know.</summary>
    public static bool IsAtWork(StateSession session)
    {
        using var row = session.Query(SelectWork, ("@id", session.Server));
        return row.Read();
    }

    /// <summary>Removes a server and its leases: what it was at is settled.</summary>
    public static void Remove(StateSession session, string id)
    {
        session.Execute(DeleteLeases, ("@id", id));
        session.Execute(Delete, ("@id", id));
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
