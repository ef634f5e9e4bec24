using System.Data.Common;
using WebDav.Locking;
using WebDav.Protocol;

namespace WebDav.State;

/// <summary>Keeps locks in the table <c>lock</c>. Times are kept to the millisecond, timeouts to the second.</summary>
internal sealed class StoredLocks(IStateDatabase database) : ILockStore
{
    private const string SelectAll = "SELECT token, root, scope, depth, owner, principal, timeout, expires, created FROM lock ORDER BY root, token";

    private const string Insert =
        "INSERT INTO lock (token, root, scope, depth, owner, principal, timeout, expires, created) "
        + "VALUES (@token, @root, @scope, @depth, @owner, @principal, @timeout, @expires, @created)";

    private const string Update = "UPDATE lock SET timeout = @timeout, expires = @expires WHERE token = @token";

    private const string DeleteOne = "DELETE FROM lock WHERE token = @token";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ActiveLock>> LoadAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ActiveLock>>(
            DavPath.Root,
            static session =>
            {
                var locks = new List<ActiveLock>();
                using var rows = session.Query(SelectAll);
                while (rows.Read())
                {
                    locks.Add(Read(rows));
                }

                return locks;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask SaveAsync(ActiveLock active, CancellationToken cancellation) =>
        database.WriteAsync(
            active.Root,
            session =>
            {
                session.Execute(
                    Insert,
                    ("@token", active.Token.Uri),
                    ("@root", active.Root.Value),
                    ("@scope", LockRow.Spell(active.Scope)),
                    ("@depth", LockRow.Spell(active.Depth)),
                    ("@owner", active.Owner),
                    ("@principal", active.Principal),
                    ("@timeout", LockRow.Seconds(active.Timeout)),
                    ("@expires", active.Expires.ToUnixTimeMilliseconds()),
                    ("@created", active.Created?.ToUnixTimeMilliseconds()));
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask RefreshAsync(ActiveLock active, CancellationToken cancellation) =>
        database.WriteAsync(
            active.Root,
            session =>
            {
                session.Execute(
                    Update,
                    ("@timeout", LockRow.Seconds(active.Timeout)), ("@expires", active.Expires.ToUnixTimeMilliseconds()), ("@token", active.Token.Uri));
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask ForgetAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation) =>
        database.OweAsync(DavPath.Root, session => Delete(session, tokens), cancellation);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(IReadOnlyCollection<LockToken> tokens, CancellationToken cancellation) =>
        tokens.Count == 0
            ? ValueTask.CompletedTask
            : database.WriteAsync(DavPath.Root, session => Delete(session, tokens), cancellation);

    internal static void Delete(StateSession session, IEnumerable<LockToken> tokens)
    {
        foreach (var token in tokens)
        {
            session.Execute(DeleteOne, ("@token", token.Uri));
        }
    }

    private static ActiveLock Read(DbDataReader row) => LockRow.Read(row, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)));
}
