using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace WebDav.State.Shared;

/// <summary>The tables in PostgreSQL, and how a database of older servers comes to have them while those are still at work.</summary>
internal static class SharedSchema
{
    /// <summary>The time that counts, in milliseconds since 1970: that of the database, whatever the clocks of the servers say.</summary>
    public const string Now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    // Any number will do that nobody else locks in the same database.
    private const string Alone = "SELECT pg_advisory_lock(8386662001)";

    /// <summary>The least version whose servers can use what the last migration leaves: raised only by a step that takes something away.</summary>
    private const int Needs = 2;

    /// <summary>
    /// Each step takes the database from the version that is its index to the next. A step that was released is never changed, and it
    /// only adds, so that servers of the version before go on beside those that have carried it out.
    /// </summary>
    /// <remarks>
    /// Text compares by its bytes, as in SQLite: trees are ranges. The tables are those of <see cref="StateSchema"/>, and these:
    /// <c>server</c>, with when each was seen last and who takes over what it was at; <c>lease</c>, a row for each claim. Rows that
    /// belong to a server have its name from its connection, so that the statements are the same as for SQLite.
    /// </remarks>
    private static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE server (
            id TEXT NOT NULL PRIMARY KEY,
            host TEXT NOT NULL,
            seen BIGINT NOT NULL,
            taker TEXT
        );
        CREATE TABLE lease (
            id TEXT NOT NULL,
            path TEXT COLLATE "C" NOT NULL,
            kind INTEGER NOT NULL,
            server TEXT NOT NULL,
            work TEXT,
            awaited BOOLEAN NOT NULL DEFAULT FALSE,
            PRIMARY KEY (id, path, kind)
        );
        CREATE INDEX lease_path ON lease (path);
        CREATE INDEX lease_work ON lease (work) WHERE work IS NOT NULL;
        CREATE INDEX lease_server ON lease (server);
        CREATE TABLE lock (
            token TEXT NOT NULL PRIMARY KEY,
            root TEXT COLLATE "C" NOT NULL,
            scope TEXT NOT NULL,
            depth TEXT NOT NULL,
            owner TEXT,
            principal TEXT,
            timeout BIGINT NOT NULL,
            expires BIGINT NOT NULL,
            created BIGINT
        );
        CREATE INDEX lock_root ON lock (root);
        CREATE INDEX lock_expires ON lock (expires);
        CREATE INDEX lock_principal ON lock (principal);
        CREATE TABLE property (
            parent TEXT COLLATE "C" NOT NULL,
            name TEXT COLLATE "C" NOT NULL,
            ns TEXT COLLATE "C" NOT NULL,
            local TEXT COLLATE "C" NOT NULL,
            xml TEXT NOT NULL,
            PRIMARY KEY (parent, name, ns, local)
        );
        CREATE TABLE intent (
            id TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            source TEXT NOT NULL,
            destination TEXT NOT NULL,
            identity TEXT NOT NULL,
            replaced TEXT,
            created BIGINT NOT NULL,
            server TEXT NOT NULL DEFAULT current_setting('webdav.server')
        );
        CREATE INDEX intent_server ON intent (server);
        CREATE TABLE operation (
            id TEXT NOT NULL PRIMARY KEY,
            principal TEXT NOT NULL,
            running INTEGER NOT NULL,
            started BIGINT NOT NULL,
            ended BIGINT,
            record TEXT NOT NULL,
            server TEXT NOT NULL DEFAULT current_setting('webdav.server'),
            command TEXT
        );
        CREATE INDEX operation_principal ON operation (principal, started);
        CREATE INDEX operation_ended ON operation (ended);
        CREATE INDEX operation_running ON operation (server) WHERE running = 1;
        """,
        """
        ALTER TABLE property RENAME TO property_by_path;
        CREATE TABLE collection (
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            path TEXT COLLATE "C" NOT NULL UNIQUE
        );
        CREATE TABLE property (
            collection BIGINT NOT NULL REFERENCES collection (id),
            name TEXT COLLATE "C" NOT NULL,
            ns TEXT COLLATE "C" NOT NULL,
            local TEXT COLLATE "C" NOT NULL,
            xml TEXT NOT NULL,
            PRIMARY KEY (collection, name, ns, local)
        );
        INSERT INTO collection (path) SELECT DISTINCT parent FROM property_by_path ORDER BY parent;
        INSERT INTO property (collection, name, ns, local, xml)
            SELECT collection.id, name, ns, local, xml FROM property_by_path JOIN collection ON collection.path = parent;
        DROP TABLE property_by_path;
        """,
    ];

    /// <summary>Makes or completes the tables; several servers may start at once, and one of them does it.</summary>
    /// <param name="connection">A connection that is closed after this, and waits for its statements as long as they take.</param>
    /// <exception cref="StateException">A newer server has left the database in a state that this one cannot use.</exception>
    public static void Prepare(NpgsqlConnection connection)
    {
        StateSchema.Execute(connection, Alone); // until the connection is closed
        StateSchema.Execute(connection, "CREATE TABLE IF NOT EXISTS webdav_schema (version INTEGER NOT NULL, needs INTEGER NOT NULL)");
        var (version, needs) = Read(connection);
        if (needs > Migrations.Count)
        {
            throw new StateException(string.Create(
                CultureInfo.InvariantCulture,
                $"The database of State:ConnectionString needs servers of format {needs}; this one knows up to {Migrations.Count}. Use a newer version."));
        }

        for (; version < Migrations.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            StateSchema.Execute(connection, Migrations[version], transaction);
            StateSchema.Execute(connection, "DELETE FROM webdav_schema", transaction);
            StateSchema.Execute(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"INSERT INTO webdav_schema (version, needs) VALUES ({version + 1}, {Needs})"),
                transaction);
            transaction.Commit();
        }
    }

    private static (int Version, int Needs) Read(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, needs FROM webdav_schema";
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt32(0), row.GetInt32(1)) : (0, 0);
    }
}
