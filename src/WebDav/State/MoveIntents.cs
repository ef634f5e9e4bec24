using System.Globalization;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State;

/// <summary>
/// Keeps a MOVE whole when the server ends in the middle of it. A rename on the disk and a change in the database cannot be one
/// step; an intent is written before the rename, and goes with the change after it. An intent found at the start tells that the
/// rename may have been done and the change was not.
/// </summary>
internal sealed class MoveIntents(StateDatabase database, TimeProvider time) : IMoveJournal
{
    private const string Kind = "move";

    private const string Insert =
        "INSERT INTO intent (id, kind, source, destination, identity, replaced, created) "
        + "VALUES (@id, @kind, @source, @destination, @identity, @replaced, @created)";

    private const string SelectPaths = "SELECT source, destination FROM intent WHERE id = @id AND kind = @kind";

    private const string SelectPending =
        "SELECT id, source, destination, identity, replaced, created FROM intent WHERE kind = @kind ORDER BY created, id";

    private const string DeleteOne = "DELETE FROM intent WHERE id = @id";

    /// <inheritdoc/>
    public async ValueTask<MoveNote> BeginAsync(
        Entry source, DavPath destination, Entry? replaced, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation)
    {
        // Where a collection replaces or is replaced, it takes two steps, an exchange and the removal of what it left at the source:
        // an intent tells the next start to finish them. Else, where no state is kept, there is nothing to tell.
        var exchanged = replaced is not null && (replaced.IsCollection || source.IsCollection) ? IdentifyReplaced(replaced) : null;
        return database.PropertyRows == 0 && ended.Count == 0 && exchanged is null
            ? new MoveNote(Id: null, ended)
            : new MoveNote(await BeginAsync(source.Path, destination, Identify(source), exchanged, cancellation), ended);
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(MoveNote note) =>
        note.Id is { } id ? CompleteMoveAsync(id, note.Ended, CancellationToken.None) : ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask AbandonAsync(MoveNote note) =>
        note.Id is { } id ? AbandonAsync(id, CancellationToken.None) : ValueTask.CompletedTask;

    /// <summary>What tells a resource from another that takes its name.</summary>
    public static string Identify(Entry entry) => entry.Identity.ToString(CultureInfo.InvariantCulture);

    /// <summary>As <see cref="Identify"/>, of what will be removed: not by its number alone, which the next file to be made may get.</summary>
    public static string IdentifyReplaced(Entry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Identity} {entry.Created.UtcTicks}");

    /// <summary>Writes down a move, before anything of it is done.</summary>
    /// <param name="source">Where the resource is.</param>
    /// <param name="destination">Where it will be.</param>
    /// <param name="identity">What tells the resource from another of its name, as the store says it.</param>
    /// <param name="replaced">The same of what stands at the destination, where an exchange will give it the source's name; else null.</param>
    /// <param name="cancellation">Takes it back if it is not written yet.</param>
    /// <exception cref="ArgumentException">One of the two paths is at or below the other.</exception>
    public async ValueTask<Guid> BeginAsync(
        DavPath source, DavPath destination, string identity, string? replaced, CancellationToken cancellation)
    {
        PropertyRows.RequireApart(source, destination);
        var id = Guid.NewGuid();
        var created = time.GetUtcNow().ToUnixTimeMilliseconds();
        await database.WriteAsync(
            source,
            session => session.Execute(
                Insert,
                ("@id", id.ToString("D")), ("@kind", Kind), ("@source", source.Value), ("@destination", destination.Value),
                ("@identity", identity), ("@replaced", replaced), ("@created", created)),
            cancellation);
        return id;
    }

    /// <summary>
    /// After the move on the disk: moves the properties of the tree, in place of the destination's, and forgets the locks and
    /// the intent, all in one step.
    /// </summary>
    /// <param name="id">The intent.</param>
    /// <param name="locks">The locks at and below the source, which do not move (RFC 4918 7.5), and those of what was replaced.</param>
    /// <param name="cancellation">Takes it back if it has not begun.</param>
    /// <exception cref="InvalidOperationException">There is no such intent, or no more; nothing was done.</exception>
    public ValueTask CompleteMoveAsync(Guid id, IReadOnlyCollection<LockToken> locks, CancellationToken cancellation) =>
        database.WriteAsync(
            DavPath.Root,
            session =>
            {
                var (source, destination) = Paths(session, id);
                PropertyRows.Move(session, source, destination);
                SqliteLockStore.Delete(session, locks);
                session.Execute(DeleteOne, ("@id", id.ToString("D")));
            },
            cancellation);

    /// <summary>Forgets an intent whose move was not done; an unknown one is no fault.</summary>
    public ValueTask AbandonAsync(Guid id, CancellationToken cancellation) =>
        database.WriteAsync(DavPath.Root, session => { session.Execute(DeleteOne, ("@id", id.ToString("D"))); }, cancellation);

    /// <summary>The intents that nobody has settled, oldest first; asked at the start, before the first request.</summary>
    public ValueTask<IReadOnlyList<MoveIntent>> PendingAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<MoveIntent>>(
            DavPath.Root,
            static session =>
            {
                var pending = new List<MoveIntent>();
                using var rows = session.Query(SelectPending, ("@kind", Kind));
                while (rows.Read())
                {
                    pending.Add(new MoveIntent(
                        Guid.ParseExact(rows.GetString(0), "D"),
                        DavPath.FromValue(rows.GetString(1)),
                        DavPath.FromValue(rows.GetString(2)),
                        rows.GetString(3),
                        rows.IsDBNull(4) ? null : rows.GetString(4),
                        DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(5))));
                }

                return pending;
            },
            cancellation);

    private static (DavPath Source, DavPath Destination) Paths(StateSession session, Guid id)
    {
        using var rows = session.Query(SelectPaths, ("@id", id.ToString("D")), ("@kind", Kind));
        return rows.Read()
            ? (DavPath.FromValue(rows.GetString(0)), DavPath.FromValue(rows.GetString(1)))
            : throw new InvalidOperationException($"No move {id} is under way");
    }
}
