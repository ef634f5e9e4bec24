using System.Data.Common;
using System.Globalization;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.State;

/// <summary>
/// Keeps a MOVE or COPY whole when the server ends in the middle of it. A rename on the disk and a change in the database cannot
/// be one step; an intent is written before the rename, and goes with the change after it. An intent found at the start tells
/// that the rename may have been done and the change was not.
/// </summary>
internal sealed class TransferIntents(IStateDatabase database, TimeProvider time) : ITransferJournal
{
    private const string Insert =
        "INSERT INTO intent (id, kind, source, destination, identity, replaced, created) "
        + "VALUES (@id, @kind, @source, @destination, @identity, @replaced, @created)";

    private const string Columns = "id, kind, source, destination, identity, replaced, created";

    private const string SelectOne = "SELECT " + Columns + " FROM intent WHERE id = @id";

    private const string SelectPending = "SELECT " + Columns + " FROM intent ORDER BY created, id";

    // Only where there can be several servers is there such a column.
    private const string SelectPendingOf = "SELECT " + Columns + " FROM intent WHERE server = @server ORDER BY created, id";

    private const string DeleteOne = "DELETE FROM intent WHERE id = @id";

    /// <inheritdoc/>
    public async ValueTask<TransferNote> BeginMoveAsync(
        Entry source, DavPath destination, Entry? replaced, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation)
    {
        // Where a collection replaces or is replaced, it takes two steps, an exchange and the removal of what it left at the source:
        // an intent tells the next start to finish them. Else, where no state is kept, there is nothing to tell.
        var exchanged = replaced is not null && (replaced.IsCollection || source.IsCollection) ? IdentifyReplaced(replaced) : null;
        return IsStateless(ended) && exchanged is null
            ? new TransferNote(Id: null, ended)
            : new TransferNote(
                await BeginAsync(TransferKind.Move, source.Path, destination, Identify(source.Identity), exchanged, cancellation), ended);
    }

    /// <inheritdoc/>
    public async ValueTask<TransferNote> BeginCopyAsync(
        DavPath source, DavPath destination, Identity identity, bool tree, IReadOnlyCollection<LockToken> ended, CancellationToken cancellation) =>
        IsStateless(ended)
            ? new TransferNote(Id: null, ended)
            : new TransferNote(
                await BeginAsync(
                    tree ? TransferKind.Copy : TransferKind.CopyOne, source, destination, Identify(identity), replaced: null, cancellation),
                ended);

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(TransferNote note)
    {
        if (note.Id is not { } id)
        {
            return;
        }

        try
        {
            await CompleteAsync(id, note.Ended, CancellationToken.None);
        }
        catch (StoreException unknown) when (unknown.Fault == StoreFault.Unavailable)
        {
            await OweAsync(note); // It may have been carried out before the database went away: so the step stays done, and this follows.
        }
    }

    /// <inheritdoc/>
    public ValueTask OweAsync(TransferNote note) => note.Id is { } id
        ? database.OweAsync(DavPath.Root, session => CompleteIfNoted(session, id, note.Ended), CancellationToken.None)
        : ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask AbandonAsync(TransferNote note) => note.Id is { } id
        ? database.OweAsync(DavPath.Root, session => Abandon(session, id), CancellationToken.None)
        : ValueTask.CompletedTask;

    /// <summary>What tells a resource from another that takes its name.</summary>
    /// <remarks>
    /// Without its file system, which has another number on each machine that shares it, and perhaps after each start of one machine.
    /// </remarks>
    public static string Identify(Identity identity) => identity.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What <see cref="Identify"/> has written.</summary>
    public static ulong NumberOf(string identity) => ulong.Parse(identity, CultureInfo.InvariantCulture);

    /// <summary>As <see cref="Identify"/>, of what will be removed: not by its number alone, which the next file to be made may get.</summary>
    public static string IdentifyReplaced(Entry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Identity.Number} {entry.Created.UtcTicks}");

    /// <summary>Writes down a transfer, before the step that counts is done.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="source">Where the resource is.</param>
    /// <param name="destination">Where it, or its copy, will be.</param>
    /// <param name="identity">What tells that from another of its name, as the store says it.</param>
    /// <param name="replaced">The same of what stands at the destination, where an exchange will give it the source's name; else null.</param>
    /// <param name="cancellation">Takes it back if it is not written yet.</param>
    /// <exception cref="ArgumentException">
    /// One of the two paths is at or below the other, but for a single resource that is copied to below itself.
    /// </exception>
    public async ValueTask<Guid> BeginAsync(
        TransferKind kind, DavPath source, DavPath destination, string identity, string? replaced, CancellationToken cancellation)
    {
        PropertyRows.RequireApart(source, destination, tree: kind != TransferKind.CopyOne);
        var id = Guid.NewGuid();
        var created = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            await database.WriteAsync(
                source,
                session => session.Execute(
                    Insert,
                    ("@id", id.ToString("D")), ("@kind", Spell(kind)), ("@source", source.Value), ("@destination", destination.Value),
                    ("@identity", identity), ("@replaced", replaced), ("@created", created)),
                cancellation);
            return id;
        }
        catch (StoreException unknown) when (unknown.Fault == StoreFault.Unavailable)
        {
            await database.OweAsync(source, session => Abandon(session, id), CancellationToken.None); // It may have been written.
            throw;
        }
    }

    /// <summary>
    /// After the step on the disk: gives the destination the properties of the source, in place of its own, and forgets the locks
    /// and the intent, all in one step.
    /// </summary>
    /// <param name="id">The intent.</param>
    /// <param name="locks">The locks at and below a source that is moved, which do not move (RFC 4918 7.5), and those of what was replaced.</param>
    /// <param name="cancellation">Takes it back if it has not begun.</param>
    /// <exception cref="InvalidOperationException">There is no such intent, or no more; nothing was done.</exception>
    public ValueTask CompleteAsync(Guid id, IReadOnlyCollection<LockToken> locks, CancellationToken cancellation) =>
        database.WriteAsync(
            DavPath.Root,
            session => Complete(session, Find(session, id) ?? throw new InvalidOperationException($"No transfer {id} is under way"), locks),
            cancellation);

    /// <summary>Forgets an intent whose step was not done; an unknown one is no fault.</summary>
    public ValueTask AbandonAsync(Guid id, CancellationToken cancellation) =>
        database.WriteAsync(DavPath.Root, session => Abandon(session, id), cancellation);

    /// <summary>The intents that nobody has settled, oldest first; asked at the start, before the first request, or when a server is dead.</summary>
    /// <param name="server">That server; null where there is but one.</param>
    /// <param name="cancellation">Ends the query.</param>
    public ValueTask<IReadOnlyList<TransferIntent>> PendingAsync(string? server, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<TransferIntent>>(
            DavPath.Root,
            session =>
            {
                var pending = new List<TransferIntent>();
                using var rows = server is null ? session.Query(SelectPending) : session.Query(SelectPendingOf, ("@server", server));
                while (rows.Read())
                {
                    pending.Add(Read(rows));
                }

                return pending;
            },
            cancellation);

    private static void Complete(StateSession session, TransferIntent intent, IEnumerable<LockToken> locks)
    {
        if (intent.Kind == TransferKind.Move)
        {
            PropertyRows.Move(session, intent.Source, intent.Destination);
        }
        else
        {
            PropertyRows.Copy(session, intent.Source, intent.Destination, tree: intent.Kind == TransferKind.Copy);
        }

        StoredLocks.Delete(session, locks);
        Abandon(session, intent.Id);
    }

    private static void CompleteIfNoted(StateSession session, Guid id, IReadOnlyCollection<LockToken> locks)
    {
        if (Find(session, id) is { } intent)
        {
            Complete(session, intent, locks);
        }
    }

    private static void Abandon(StateSession session, Guid id) => session.Execute(DeleteOne, ("@id", id.ToString("D")));

    private static TransferIntent? Find(StateSession session, Guid id)
    {
        using var rows = session.Query(SelectOne, ("@id", id.ToString("D")));
        return rows.Read() ? Read(rows) : null;
    }

    private static TransferIntent Read(DbDataReader row) => new(
        Guid.ParseExact(row.GetString(0), "D"),
        Parse(row.GetString(1)),
        DavPath.FromValue(row.GetString(2)),
        DavPath.FromValue(row.GetString(3)),
        row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));

    private static string Spell(TransferKind kind) => kind switch
    {
        TransferKind.Move => "move",
        TransferKind.Copy => "copy",
        _ => "copy-one",
    };

    private static TransferKind Parse(string kind) => kind switch
    {
        "move" => TransferKind.Move,
        "copy" => TransferKind.Copy,
        _ => TransferKind.CopyOne,
    };

    private bool IsStateless(IReadOnlyCollection<LockToken> ended) => database.HasNoProperties && ended.Count == 0;
}
