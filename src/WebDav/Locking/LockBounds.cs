using System.Runtime.InteropServices;
using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>
/// Counts locks, and the places taken for those that are about to be granted, in all and per user. All who have no name are one
/// user. Used under the table's own gate.
/// </summary>
internal sealed class LockBounds(LockOptions options)
{
    private const string Anonymous = ""; // No user has an empty name.
    private readonly Dictionary<string, int> _byUser = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Why a user can have no further lock (RFC 4918 9.10.6, 11.5), or null if there is room.</summary>
    public DavFault? Refuse(string? principal)
    {
        if (_byUser.GetValueOrDefault(principal ?? Anonymous) >= options.MaximumPerUser)
        {
            return new DavFault(507, $"this user has as many locks as one may have, {options.MaximumPerUser} (Locks:MaximumPerUser)");
        }

        return _all >= options.Maximum
            ? new DavFault(503, $"there are as many locks as there may be, {options.Maximum} (Locks:Maximum)")
            : null;
    }

    public void Add(string? principal)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_byUser, principal ?? Anonymous, out _)++;
        _all++;
    }

    public void Remove(string? principal)
    {
        var user = principal ?? Anonymous;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_byUser, user) == 0)
        {
            _byUser.Remove(user);
        }

        _all--;
    }
}
