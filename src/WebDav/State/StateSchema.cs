using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebDav.State;

/// <summary>The tables, and how a database of an older server comes to have them.</summary>
internal static class StateSchema
{
    /// <summary>
    /// Each step takes the database from the version that is its index to the next. A step that was released is never changed.
    /// </summary>
    /// <remarks>
    /// <c>property</c> keeps a resource by its collection and its name: the root is <c>('', '')</c>; the member <c>/a/b</c> is
    /// <c>('/a', 'b')</c>. The collection is a row of its own, with the path, so that to move a tree is to change those of its
    /// collections, however many properties are in it. A row of <c>collection</c> may have no properties.
    /// Text compares by its UTF-8 bytes, which is SQLite's own way.
    /// </remarks>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE lock (
            token TEXT NOT NULL PRIMARY KEY,
            root TEXT NOT NULL,
            scope TEXT NOT NULL,
            depth TEXT NOT NULL,
            owner TEXT,
            principal TEXT,
            timeout BIGINT NOT NULL,
            expires BIGINT NOT NULL
        );
        CREATE INDEX lock_root ON lock (root);
        CREATE TABLE property (
            parent TEXT NOT NULL,
            name TEXT NOT NULL,
            ns TEXT NOT NULL,
            local TEXT NOT NULL,
            xml TEXT NOT NULL,
            PRIMARY KEY (parent, name, ns, local)
        ) WITHOUT ROWID;
        CREATE TABLE intent (
            id TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            source TEXT NOT NULL,
            destination TEXT NOT NULL,
            identity TEXT NOT NULL,
            created BIGINT NOT NULL
        );
        """,
        """
        CREATE TABLE operation (
            id TEXT NOT NULL PRIMARY KEY,
            principal TEXT NOT NULL,
            running INTEGER NOT NULL,
            started BIGINT NOT NULL,
            ended BIGINT,
            record TEXT NOT NULL
        );
        CREATE INDEX operation_principal ON operation (principal, started);
        CREATE INDEX operation_ended ON operation (ended);
        """,
        "ALTER TABLE intent ADD COLUMN replaced TEXT",
        "ALTER TABLE lock ADD COLUMN created BIGINT",
        """
        ALTER TABLE property RENAME TO property_by_path;
        CREATE TABLE collection (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE
        );
        CREATE TABLE property (
            collection INTEGER NOT NULL REFERENCES collection (id),
            name TEXT NOT NULL,
            ns TEXT NOT NULL,
            local TEXT NOT NULL,
            xml TEXT NOT NULL,
            PRIMARY KEY (collection, name, ns, local)
        ) WITHOUT ROWID;
        INSERT INTO collection (path) SELECT DISTINCT parent FROM property_by_path ORDER BY parent;
        INSERT INTO property (collection, name, ns, local, xml)
            SELECT collection.id, name, ns, local, xml FROM property_by_path JOIN collection ON collection.path = parent;
        DROP TABLE property_by_path;
        """,
    ];

    private static string CurrentVersion { get; } = string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Migrations.Count}");

    /// <summary>The version of a database: how many migrations it has seen.</summary>
    public static int Version(DbConnection connection) =>
        Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);

    /// <summary>Writes the version that the database has.</summary>
    public static void WriteVersion(StateSession session) => session.Execute(CurrentVersion);

    /// <summary>Refuses a database that a newer server has made, before anything in it is touched.</summary>
    /// <exception cref="StateException">It is newer.</exception>
    public static void RefuseNewer(DbConnection connection, IReadOnlyList<string> migrations)
    {
        var version = Version(connection);
        if (version > migrations.Count)
        {
            throw new StateException(
                $"{connection.DataSource} was written by a newer version of this server (format {version}; "
                + $"this one knows up to {migrations.Count}). Use that version, or another WebDav:StateDirectory.");
        }
    }

    /// <summary>Carries out the migrations that the database has not seen, each wholly or not at all.</summary>
    public static void Migrate(DbConnection connection, IReadOnlyList<string> migrations)
    {
        for (var version = Version(connection); version < migrations.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, migrations[version], transaction);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"), transaction);
            transaction.Commit();
        }
    }

    public static object? Scalar(DbConnection connection, string sql)
    {
        using var command = Command(connection, sql, null);
        return command.ExecuteScalar();
    }

    public static void Execute(DbConnection connection, string sql, DbTransaction? transaction = null)
    {
        using var command = Command(connection, sql, transaction);
        command.ExecuteNonQuery();
    }

    [SuppressMessage(
        "Security", "CA2100:Review SQL queries for security vulnerabilities",
        Justification = "Every caller passes a constant, or a constant and a number.")]
    private static DbCommand Command(DbConnection connection, string sql, DbTransaction? transaction)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command;
    }
}
