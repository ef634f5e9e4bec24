using Microsoft.Net.Http.Headers;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Storage;

namespace WebDav.Preconditions;

/// <summary>Evaluates the If header (RFC 4918 10.4.3, 10.4.4): true if any one of its lists is, each against the resource it names.</summary>
internal sealed class IfEvaluation(IStore store)
{
    /// <summary>Whether the header holds.</summary>
    /// <param name="header">The parsed header.</param>
    /// <param name="request">The request it came with; lists without a tag speak of its resource.</param>
    /// <param name="target">That resource, or null where none is.</param>
    /// <param name="locks">The locks that cover it and what the header's tags name.</param>
    /// <param name="cancellation">Ends the look-ups.</param>
    public async ValueTask<bool> HoldsAsync(
        IfHeader header, GateRequest request, Entry? target, ILockView locks, CancellationToken cancellation)
    {
        foreach (var list in header.Lists)
        {
            var (path, entry) = (request.Path, target);
            if (list.ResourceTag is { } tag)
            {
                if (Resolve(tag, request.Authority) is not { } named || !request.Access.MayRead(named))
                {
                    continue; // Of another server, or not for this user to know: nothing that is said of it can be known to be true.
                }

                (path, entry) = (named, named == request.Path ? target : await store.FindAsync(named, cancellation));
            }

            if (list.Conditions.All(condition => Holds(condition, path, entry, locks)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Holds(IfCondition condition, DavPath path, Entry? entry, ILockView locks)
    {
        // A token that stands for no lock, such as DAV:no-lock, never matches (RFC 4918 10.4.8).
        var matches = condition.Token is { } token
            ? locks.Covering(path).Any(active => active.Token == token)
            : condition.ETag is { } tag && Matches(tag, entry);
        return matches != condition.Not;
    }

    private static bool Matches(EntityTagHeaderValue tag, Entry? entry) =>
        entry is { IsCollection: false } && string.Equals(tag.Tag.Value, entry.ETag.ToString(), StringComparison.Ordinal);

    /// <summary>The resources that the tags of a header name, as far as they are this server's.</summary>
    public static IEnumerable<DavPath> Named(IfHeader header, RequestAuthority authority) =>
        from list in header.Lists
        let path = list.ResourceTag is { } tag ? Resolve(tag, authority) : null
        where path is not null
        select path.Value;

    private static DavPath? Resolve(string tag, RequestAuthority authority)
    {
        try
        {
            return DestinationHeader.Parse(tag, authority).Path;
        }
        catch (DavFaultException)
        {
            return null;
        }
    }
}
