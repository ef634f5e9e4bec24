using WebDav.Protocol;

namespace WebDav.Locking;

/// <summary>
/// All write locks: which cover a resource, which may be granted, and when they end (RFC 4918 6, 7). Answers come from memory;
/// what is confirmed was kept by the <see cref="ILockStore"/> first.
/// </summary>
/// <remarks>
/// Two LOCKs that could meet are kept apart by their <see cref="WriteLease"/>s, so between the check for conflicts and the moment
/// a lock counts nothing can come between.
/// </remarks>
internal sealed class LockTable(ILockStore store, LockOptions options, TimeProvider time) : ILocks, ILockView
{
    private static readonly Comparer<ActiveLock> s_byEnd = Comparer<ActiveLock>.Create(
        static (one, other) => one.Expires != other.Expires ? one.Expires.CompareTo(other.Expires) : string.CompareOrdinal(one.Token.Uri, other.Token.Uri));

    private readonly Lock _gate = new();
    private readonly Dictionary<LockToken, ActiveLock> _byToken = [];
    private readonly Dictionary<DavPath, List<ActiveLock>> _byRoot = [];
    private readonly SortedSet<DavPath> _roots = [];
    private readonly SortedSet<ActiveLock> _byEnd = new(s_byEnd);
    private readonly LockBounds _bounds = new(options);
    private readonly HashSet<LockPlace> _places = [];

    /// <inheritdoc/>
    public ILockView? AtHand => this;

    /// <inheritdoc/>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                return _byEnd.Count - _byEnd.TakeWhile(active => active.Expires <= now).Count();
            }
        }
    }

    /// <summary>Takes over the locks that outlived the last run of the server.</summary>
    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        var kept = await store.LoadAsync(cancellation);
        lock (_gate)
        {
            foreach (var active in kept)
            {
                Put(active);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActiveLock> Covering(DavPath path)
    {
        lock (_gate)
        {
            if (_byToken.Count == 0)
            {
                return [];
            }

            List<ActiveLock>? found = null;
            var now = time.GetUtcNow();
            for (var at = path; ; at = at.Parent)
            {
                if (_byRoot.TryGetValue(at, out var locks))
                {
                    foreach (var active in locks)
                    {
                        if (active.Expires > now && (at == path || active.Depth == Depth.Infinity))
                        {
                            (found ??= []).Add(active);
                        }
                    }
                }

                if (at.IsRoot)
                {
                    return found ?? (IReadOnlyList<ActiveLock>)[];
                }
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActiveLock> Below(DavPath collection)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return [.. RootsBelow(collection).SelectMany(root => _byRoot[root]).Where(active => active.Expires > now)];
        }
    }

    /// <summary>The lock that a token stands for, if it has not ended.</summary>
    public ActiveLock? Find(LockToken token)
    {
        lock (_gate)
        {
            return _byToken.TryGetValue(token, out var active) && active.Expires > time.GetUtcNow() ? active : null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<(LockPlace? Place, DavFault? Refusal)> ReserveAsync(string? principal, CancellationToken cancellation)
    {
        var (place, refusal) = TryReserve(principal);
        if (refusal is not null && await ForgetExpiredAsync(cancellation))
        {
            (place, refusal) = TryReserve(principal);
        }

        return (place, refusal);
    }

    /// <inheritdoc/>
    /// <remarks>The caller has asked <see cref="LockQuestions.Conflicts"/> under the lease.</remarks>
    public async ValueTask<ActiveLock> GrantAsync(LockRequest request, LockPlace place, CancellationToken cancellation)
    {
        await ForgetExpiredAsync(cancellation);
        var timeout = options.Grant(request.Timeouts);
        var now = time.GetUtcNow();
        var active = new ActiveLock(
            LockToken.New(), request.Root, request.Scope, request.Depth, request.Owner, request.Principal, timeout, now + timeout) { Created = now };
        await store.SaveAsync(active, cancellation);
        lock (_gate)
        {
            Free(place); // in the same moment: no one else is refused for a lock that counts twice
            Put(active);
        }

        return active;
    }

    /// <inheritdoc/>
    public async ValueTask<ActiveLock?> RefreshAsync(LockToken token, IReadOnlyList<TimeSpan> timeouts, CancellationToken cancellation)
    {
        if (Find(token) is not { } active)
        {
            return null;
        }

        var timeout = timeouts.Count == 0 ? active.Timeout : options.Grant(timeouts);
        var refreshed = active with { Timeout = timeout, Expires = time.GetUtcNow() + timeout };
        await store.RefreshAsync(refreshed, cancellation);
        lock (_gate)
        {
            if (!_byToken.ContainsKey(token))
            {
                return null; // It has ended while this was being kept, and is not kept any more.
            }

            Take(token);
            Put(refreshed);
            return refreshed;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(LockToken token, CancellationToken cancellation)
    {
        await store.DeleteAsync([token], cancellation);
        Forget([token]);
    }

    /// <inheritdoc/>
    public ValueTask ReleaseTreeAsync(DavPath path, CancellationToken cancellation) =>
        EndAsync(Tokens(root => root.IsAtOrBelow(path), path), cancellation);

    /// <inheritdoc/>
    public ValueTask<ILockView> AskAsync(IReadOnlyList<LockArea> areas, CancellationToken cancellation) => ValueTask.FromResult<ILockView>(this);

    /// <inheritdoc/>
    public bool MayCount(LockToken token) => Find(token) is not null;

    /// <inheritdoc/>
    public void Forget(IReadOnlyCollection<LockToken> tokens)
    {
        lock (_gate)
        {
            foreach (var token in tokens)
            {
                Take(token);
            }
        }
    }

    internal void GiveUp(LockPlace place)
    {
        lock (_gate)
        {
            Free(place);
        }
    }

    private (LockPlace? Place, DavFault? Refusal) TryReserve(string? principal)
    {
        lock (_gate)
        {
            if (_bounds.Refuse(principal) is { } refusal)
            {
                return (null, refusal);
            }

            var place = new LockPlace(this, principal);
            _places.Add(place);
            _bounds.Add(principal);
            return (place, null);
        }
    }

    private void Free(LockPlace place)
    {
        if (_places.Remove(place))
        {
            _bounds.Remove(place.Principal);
        }
    }

    private List<LockToken> Tokens(Func<DavPath, bool> ended, DavPath path)
    {
        lock (_gate)
        {
            return [.. RootsBelow(path).Append(path).Where(ended).SelectMany(root => _byRoot.GetValueOrDefault(root, [])).Select(active => active.Token)];
        }
    }

    private async ValueTask EndAsync(IReadOnlyList<LockToken> tokens, CancellationToken cancellation)
    {
        if (tokens.Count == 0)
        {
            return;
        }

        // From memory first: what they locked is gone already, or they have expired.
        Forget(tokens);
        await store.ForgetAsync(tokens, cancellation);
    }

    private async ValueTask<bool> ForgetExpiredAsync(CancellationToken cancellation)
    {
        List<LockToken> expired;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            expired = [.. _byEnd.TakeWhile(active => active.Expires <= now).Select(active => active.Token)];
        }

        await EndAsync(expired, cancellation);
        return expired.Count > 0;
    }

    // Paths below "/a" start with "/a/", and '0' is the character after '/'. The view has both its ends: "/a0" is not below "/a".
    private IEnumerable<DavPath> RootsBelow(DavPath collection) => _roots.Count == 0 ? [] :
        _roots.GetViewBetween(DavPath.FromValue(collection.Value + "/"), DavPath.FromValue(collection.Value + "0"))
            .Where(root => root.IsBelow(collection));

    private void Put(ActiveLock active)
    {
        _byToken[active.Token] = active;
        _byEnd.Add(active);
        _bounds.Add(active.Principal);
        if (!_byRoot.TryGetValue(active.Root, out var locks))
        {
            _byRoot[active.Root] = locks = [];
            _roots.Add(active.Root);
        }

        locks.Add(active);
    }

    private void Take(LockToken token)
    {
        if (!_byToken.Remove(token, out var active))
        {
            return;
        }

        _byEnd.Remove(active);
        _bounds.Remove(active.Principal);
        var locks = _byRoot[active.Root];
        locks.RemoveAll(other => other.Token == token);
        if (locks.Count == 0)
        {
            _byRoot.Remove(active.Root);
            _roots.Remove(active.Root);
        }
    }
}
