using System.Data.Common;
using WebDav.Locking;
using WebDav.Protocol;

namespace WebDav.State;

/// <summary>How a lock is written in a row of the table <c>lock</c>, whichever database has it.</summary>
internal static class LockRow
{
    /// <summary>The lock of a row.</summary>
    /// <param name="row">Token, root, scope, depth, owner, principal, timeout, something of its end, created.</param>
    /// <param name="expires">When it ends.</param>
    public static ActiveLock Read(DbDataReader row, DateTimeOffset expires) => new(
        new LockToken(row.GetString(0)),
        DavPath.FromValue(row.GetString(1)),
        row.GetString(2) is "shared" ? LockScope.Shared : LockScope.Exclusive,
        row.GetString(3) is "0" ? Depth.Zero : Depth.Infinity,
        row.IsDBNull(4) ? null : row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5),
        TimeSpan.FromSeconds(row.GetInt64(6)),
        expires)
    {
        Created = row.IsDBNull(8) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
    };

    public static string Spell(LockScope scope) => scope == LockScope.Shared ? "shared" : "exclusive";

    public static string Spell(Depth depth) => depth == Depth.Zero ? "0" : "infinity";

    /// <summary>A timeout in whole seconds, never shorter than it is.</summary>
    public static long Seconds(TimeSpan timeout) => (long)Math.Ceiling(timeout.TotalSeconds);
}
