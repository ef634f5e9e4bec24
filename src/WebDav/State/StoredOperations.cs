using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebDav.Operations;
using WebDav.Protocol;

namespace WebDav.State;

/// <summary>Keeps records of operations in the table <c>operation</c>: what is asked by in columns, the rest as one JSON text.</summary>
internal partial class StoredOperations(IStateDatabase database) : IOperationLog
{
    private const string DeleteOld = "DELETE FROM operation WHERE ended < @before";

    private const string Upsert =
        "INSERT INTO operation (id, principal, running, started, ended, record) "
        + "VALUES (@id, @principal, @running, @started, @ended, @record) "
        + "ON CONFLICT (id) DO UPDATE SET running = excluded.running, ended = excluded.ended, record = excluded.record";

    private const string SelectOne = "SELECT record FROM operation WHERE id = @id AND (ended IS NULL OR ended >= @since)";

    private const string SelectUsers =
        "SELECT record FROM operation WHERE principal = @principal AND (ended IS NULL OR ended >= @since) ORDER BY started DESC LIMIT @most";

    private const string SelectAll =
        "SELECT record FROM operation WHERE ended IS NULL OR ended >= @since ORDER BY started DESC LIMIT @most";

    private const string SelectRunning = "SELECT record FROM operation WHERE running = 1";

    // Only where there can be several servers is there such a column.
    private const string SelectRunningOf = SelectRunning + " AND server = @server";

    /// <inheritdoc/>
    public ValueTask<OperationCommand?> SaveAsync(OperationRecord record, DateTimeOffset forgetBefore, CancellationToken cancellation) => database.WriteAsync(
        DavPath.FromValue(record.Source),
        session =>
        {
            Save(session, record);
            session.Execute(DeleteOld, ("@before", forgetBefore.ToUnixTimeMilliseconds()));
            return Hear(session, record.Id);
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<OperationRecord?> FindAsync(Guid id, DateTimeOffset since, CancellationToken cancellation) => database.ReadAsync(
        DavPath.Root,
        session => Read(session.Query(SelectOne, ("@id", id.ToString("D")), ("@since", since.ToUnixTimeMilliseconds()))).FirstOrDefault(),
        cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OperationRecord>> ListAsync(string? user, DateTimeOffset since, int most, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<OperationRecord>>(
            DavPath.Root,
            session => Read(user is null
                ? session.Query(SelectAll, ("@since", since.ToUnixTimeMilliseconds()), ("@most", most))
                : session.Query(SelectUsers, ("@principal", user), ("@since", since.ToUnixTimeMilliseconds()), ("@most", most))),
            cancellation);

    /// <inheritdoc/>
    public ValueTask InterruptAsync(string? server, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        DavPath.Root,
        session =>
        {
            foreach (var record in Read(server is null ? session.Query(SelectRunning) : session.Query(SelectRunningOf, ("@server", server))))
            {
                // How far it came is not known: it may even have been done, and the server killed before it could say so.
                Save(session, record with
                {
                    State = OperationState.Interrupted,
                    Ended = now,
                    Status = 503,
                    Reason = "the server was killed before the operation was known to be done",
                    Version = record.Version + 1,
                });
            }
        },
        cancellation);

    /// <summary>What other servers were asked for about an operation, which is heard with this.</summary>
    protected virtual OperationCommand? Hear(StateSession session, Guid id) => null;

    private static void Save(StateSession session, OperationRecord record)
    {
        session.Execute(
            Upsert,
            ("@id", record.Id.ToString("D")),
            ("@principal", record.User ?? ""),
            ("@running", record.Ended is null ? 1 : 0),
            ("@started", record.Started.ToUnixTimeMilliseconds()),
            ("@ended", record.Ended?.ToUnixTimeMilliseconds()),
            ("@record", JsonSerializer.Serialize(record, RecordJson.Default.OperationRecord)));
    }

    internal static List<OperationRecord> Read(DbDataReader rows)
    {
        using (rows)
        {
            var records = new List<OperationRecord>();
            while (rows.Read())
            {
                records.Add(JsonSerializer.Deserialize(rows.GetString(0), RecordJson.Default.OperationRecord)!);
            }

            return records;
        }
    }

    [JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(OperationRecord))]
    private sealed partial class RecordJson : JsonSerializerContext;
}
