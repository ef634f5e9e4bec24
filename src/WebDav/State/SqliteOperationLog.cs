using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebDav.Operations;
using WebDav.Protocol;

namespace WebDav.State;

/// <summary>Keeps records of operations in the table <c>operation</c>: what is asked by in columns, the rest as one JSON text.</summary>
internal sealed partial class SqliteOperationLog(StateDatabase database) : IOperationLog
{
    private const string DeleteOne = "DELETE FROM operation WHERE id = @id";

    private const string DeleteOld = "DELETE FROM operation WHERE ended < @before";

    private const string Insert =
        "INSERT INTO operation (id, principal, running, started, ended, record) "
        + "VALUES (@id, @principal, @running, @started, @ended, @record)";

    private const string SelectOne = "SELECT record FROM operation WHERE id = @id AND (ended IS NULL OR ended >= @since)";

    private const string SelectUsers =
        "SELECT record FROM operation WHERE principal = @principal AND (ended IS NULL OR ended >= @since) ORDER BY started DESC LIMIT @most";

    private const string SelectAll =
        "SELECT record FROM operation WHERE ended IS NULL OR ended >= @since ORDER BY started DESC LIMIT @most";

    private const string SelectRunning = "SELECT record FROM operation WHERE running = 1";

    /// <inheritdoc/>
    public ValueTask SaveAsync(OperationRecord record, DateTimeOffset forgetBefore, CancellationToken cancellation) => database.WriteAsync(
        DavPath.FromValue(record.Source),
        session =>
        {
            Save(session, record);
            session.Execute(DeleteOld, ("@before", forgetBefore.ToUnixTimeMilliseconds()));
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
    public ValueTask InterruptAsync(DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        DavPath.Root,
        session =>
        {
            foreach (var record in Read(session.Query(SelectRunning)))
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

    private static void Save(StateSession session, OperationRecord record)
    {
        session.Execute(DeleteOne, ("@id", record.Id.ToString("D")));
        session.Execute(
            Insert,
            ("@id", record.Id.ToString("D")),
            ("@principal", record.User ?? ""),
            ("@running", record.Ended is null ? 1 : 0),
            ("@started", record.Started.ToUnixTimeMilliseconds()),
            ("@ended", record.Ended?.ToUnixTimeMilliseconds()),
            ("@record", JsonSerializer.Serialize(record, RecordJson.Default.OperationRecord)));
    }

    private static List<OperationRecord> Read(DbDataReader rows)
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
