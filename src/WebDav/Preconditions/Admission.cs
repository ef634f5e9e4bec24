using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Preconditions;

/// <summary>The gate's answer: a request may act until it disposes this, or it is refused.</summary>
internal sealed class Admission : IDisposable, IAsyncDisposable
{
    private WriteLease? _lease;

    private Admission(Entry? target, WriteLease? lease, DavFault? fault)
    {
        Target = target;
        _lease = lease;
        Fault = fault;
    }

    /// <summary>The request's resource as the gate found it; null where none is.</summary>
    public Entry? Target { get; }

    /// <summary>Why the request is refused; null if it is not.</summary>
    public DavFault? Fault { get; }

    /// <summary>The members in the way, where it is not the request's own resource that is: the answer is a 207 then (RFC 4918 9.6.1).</summary>
    public IReadOnlyList<MemberFault> Members { get; private init; } = [];

    /// <summary>The locks that the gate has seen where the request is to write.</summary>
    public ILockView Locks { get; private init; } = LockSet.Empty;

    /// <summary>Whether the client has the content already: 304 (RFC 9110 13.1.2).</summary>
    public bool NotModified { get; private init; }

    /// <summary>Whether the request may go on.</summary>
    public bool IsGranted => Fault is null && Members.Count == 0 && !NotModified;

    public static Admission Granted(Entry? target, WriteLease? lease, ILockView known) => new(target, lease, fault: null) { Locks = known };

    public static Admission Refused(Entry? target, DavFault fault) => new(target, lease: null, fault);

    public static Admission RefusedByMembers(Entry? target, IReadOnlyList<MemberFault> members) =>
        new(target, lease: null, fault: null) { Members = members };

    public static Admission Unchanged(Entry target) => new(target, lease: null, fault: null) { NotModified = true };

    /// <summary>Hands the lease to whoever goes on writing after the request has ended.</summary>
    public WriteLease? TakeLease()
    {
        var lease = _lease;
        _lease = null;
        return lease;
    }

    /// <inheritdoc/>
    public void Dispose() => _lease?.Dispose();

    /// <inheritdoc/>
    /// <remarks>So that who has been answered finds what it wrote free, at whatever server it asks next.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (_lease is not null)
        {
            await _lease.ReleaseAsync();
        }
    }
}
