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
    public DavFault? Refuse(string? principal) => Refuse(options, _all, _byUser.GetValueOrDefault(principal ?? Anonymous));

    /// <summary>As <see cref="Refuse(string?)"/>, where they are counted elsewhere.</summary>
    /// <param name="options">How many there may be.</param>
    /// <param name="all">How many there are.</param>
    /// <param name="own">How many of them are the user's.</param>
    public static DavFault? Refuse(LockOptions options, long all, long own)
    {
        if (own >= options.MaximumPerUser)
        {
            return new DavFault(507, $"this user has as many locks as one may have, {options.MaximumPerUser} (Locks:MaximumPerUser)");
        }

        return all >= options.Maximum
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
