using System.Data.Common;
using WebDav.Locking;
using WebDav.Protocol;

namespace WebDav.State.Shared;

/// <summary>How the table <c>lock</c> is read. What is left of a lock is what the database says; its end is told by the clock of this server.</summary>
internal static class LockRows
{
    /// <summary>What <see cref="Read"/> needs of a lock.</summary>
    public const string Columns = "token, root, scope, depth, owner, principal, timeout, expires - " + SharedSchema.Now + ", created";

    /// <summary>The locks that cover resources, and those below collections; some may come twice.</summary>
    public const string SelectAreas =
        "SELECT " + Columns + " FROM lock WHERE root = ANY(@roots) AND expires > " + SharedSchema.Now
        + " UNION ALL SELECT " + Columns + " FROM unnest(@below) AS area(path) JOIN lock ON root >= area.path || '/' AND root < area.path || '0' "
        + "WHERE expires > " + SharedSchema.Now;

    /// <summary>The values of <see cref="SelectAreas"/>: resources with all collections they are in, and the collections asked for below.</summary>
    public static (string, object?)[] Values(IReadOnlyList<LockArea> areas) =>
    [
        ("@roots", areas.SelectMany(area => WithAncestors(area.Path)).Distinct().ToArray()),
        ("@below", areas.Where(area => area.Below).Select(area => area.Path.Value).Distinct().ToArray()),
    ];

    /// <summary>The locks of a reader's rows.</summary>
    public static List<ActiveLock> ReadAll(DbDataReader rows, DateTimeOffset now)
    {
        var locks = new List<ActiveLock>();
        while (rows.Read())
        {
            locks.Add(Read(rows, now));
        }

        return locks;
    }

    /// <summary>A lock.</summary>
    /// <param name="row">Its <see cref="Columns"/>.</param>
    /// <param name="now">The time of this server.</param>
    public static ActiveLock Read(DbDataReader row, DateTimeOffset now) => LockRow.Read(row, now + TimeSpan.FromMilliseconds(row.GetInt64(7)));

    private static IEnumerable<string> WithAncestors(DavPath path)
    {
        for (var at = path; ; at = at.Parent)
        {
            yield return at.Value;
            if (at.IsRoot)
            {
                yield break;
            }
        }
    }
}
