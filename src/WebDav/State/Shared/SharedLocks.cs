using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.State.Shared;

/// <summary>
/// The locks of all servers. Nothing is remembered: each question is asked of the database, and each lock is granted there, if nothing
/// is in its way, in the transaction that finds that out.
/// </summary>
internal sealed class SharedLocks(SharedDatabase database, LockOptions options, TimeProvider time) : ILocks
{
    private const string Insert =
        "INSERT INTO lock (token, root, scope, depth, owner, principal, timeout, expires, created) "
        + "SELECT @token, @root, @scope, @depth, @owner, @principal, @timeout, now + @timeout * 1000, now FROM (SELECT " + SharedSchema.Now + " AS now) "
        + "AS clock RETURNING " + LockRows.Columns;

    private const string Update =
        "UPDATE lock SET timeout = COALESCE(@timeout, timeout), expires = " + SharedSchema.Now + " + COALESCE(@timeout, timeout) * 1000 "
        + "WHERE token = @token AND expires > " + SharedSchema.Now + " RETURNING " + LockRows.Columns;

    private const string DeleteOne = "DELETE FROM lock WHERE token = @token";

    private const string DeleteTree = "DELETE FROM lock WHERE root = @path OR (root >= @path || '/' AND root < @path || '0')";

    private const string DeleteExpired = "DELETE FROM lock WHERE expires <= " + SharedSchema.Now;

    private const string CountAll = "SELECT count(*) FROM lock WHERE expires > " + SharedSchema.Now;

    private const string CountBoth = "SELECT (" + CountAll + "), (" + CountAll + " AND principal IS NOT DISTINCT FROM @principal)";

    private int _count;

    /// <inheritdoc/>
    public ILockView? AtHand => null;

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<ILockView> AskAsync(IReadOnlyList<LockArea> areas, CancellationToken cancellation) => database.ReadAsync<ILockView>(
        areas[0].Path,
        session => Ask(session, areas, time.GetUtcNow()),
        cancellation);

    /// <inheritdoc/>
    /// <remarks>Only locks that are there count: of those that are asked for at the same moment, a few may be granted beyond the bound.</remarks>
    public async ValueTask<(LockPlace? Place, DavFault? Refusal)> ReserveAsync(string? principal, CancellationToken cancellation)
    {
        var (all, own) = await database.ReadAsync(
            DavPath.Root,
            session =>
            {
                using var row = session.Query(CountBoth, ("@principal", principal));
                row.Read();
                return (row.GetInt64(0), row.GetInt64(1));
            },
            cancellation);
        return LockBounds.Refuse(options, all, own) is { } refusal ? (null, refusal) : (new LockPlace(table: null, principal), null);
    }

    /// <inheritdoc/>
    /// <remarks>The lease keeps others away; that nothing is in the way is found out all the same, where it cannot change.</remarks>
    public async ValueTask<ActiveLock> GrantAsync(LockRequest request, LockPlace place, CancellationToken cancellation)
    {
        var token = LockToken.New();
        try
        {
            return await database.WriteAsync(request.Root, session => Grant(session, token, request), cancellation);
        }
        catch (StoreException unknown) when (unknown.Fault == StoreFault.Unavailable)
        {
            // It may have been granted before PostgreSQL went away: nobody will have the token.
            await database.OweAsync(request.Root, session => session.Execute(DeleteOne, ("@token", token.Uri)), CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ActiveLock?> RefreshAsync(LockToken token, IReadOnlyList<TimeSpan> timeouts, CancellationToken cancellation) => database.WriteAsync(
        DavPath.Root,
        session =>
        {
            using var row = session.Query(
                Update, ("@timeout", timeouts.Count == 0 ? null : LockRow.Seconds(options.Grant(timeouts))), ("@token", token.Uri));
            return row.Read() ? LockRows.Read(row, time.GetUtcNow()) : null;
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(LockToken token, CancellationToken cancellation) =>
        database.WriteAsync(DavPath.Root, session => { session.Execute(DeleteOne, ("@token", token.Uri)); }, cancellation);

    /// <inheritdoc/>
    public ValueTask ReleaseTreeAsync(DavPath path, CancellationToken cancellation) =>
        database.OweAsync(path, session => session.Execute(DeleteTree, ("@path", path.Value)), cancellation);

    /// <inheritdoc/>
    public void Forget(IReadOnlyCollection<LockToken> tokens)
    {
        // What was kept of them was all there was.
    }

    /// <inheritdoc/>
    public bool MayCount(LockToken token) => true;

    /// <summary>Forgets locks that have ended, and counts the others.</summary>
    public void Sweep(StateSession session)
    {
        session.Execute(DeleteExpired);
        using var row = session.Query(CountAll);
        row.Read();
        Volatile.Write(ref _count, (int)row.GetInt64(0));
    }

    private ActiveLock Grant(StateSession session, LockToken token, LockRequest request)
    {
        var now = time.GetUtcNow();
        var kind = request.Depth == Depth.Infinity ? LeaseKind.Tree : LeaseKind.Resource;
        LeaseRows.Follow(session, [new LeaseClaim(request.Root, kind)]);
        var there = Ask(session, [new LockArea(request.Root, Below: request.Depth == Depth.Infinity)], now);
        if (there.Conflicts(request.Root, request.Scope, request.Depth) is { Count: > 0 } conflicts)
        {
            throw new DavFaultException(LockTree.Conflict(conflicts));
        }

        using var row = session.Query(
            Insert,
            ("@token", token.Uri),
            ("@root", request.Root.Value),
            ("@scope", LockRow.Spell(request.Scope)),
            ("@depth", LockRow.Spell(request.Depth)),
            ("@owner", request.Owner),
            ("@principal", request.Principal),
            ("@timeout", LockRow.Seconds(options.Grant(request.Timeouts))));
        row.Read();
        return LockRows.Read(row, now);
    }

    private static LockSet Ask(StateSession session, IReadOnlyList<LockArea> areas, DateTimeOffset now)
    {
        using var rows = session.Query(LockRows.SelectAreas, LockRows.Values(areas));
        return new LockSet(LockRows.ReadAll(rows, now));
    }
}
