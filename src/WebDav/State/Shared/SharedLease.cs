using WebDav.Locking;

namespace WebDav.State.Shared;

/// <summary>A lease that the other servers respect, too.</summary>
/// <param name="owner">Who gave it.</param>
/// <param name="here">The lease that keeps the requests of this server apart.</param>
/// <param name="id">What the others know it by.</param>
/// <param name="locks">The locks that were asked for with it.</param>
internal sealed class SharedLease(SharedLeases owner, WriteLease here, Guid id, ILockView locks) : WriteLease(owner, here.Claims)
{
    /// <summary>The lease that keeps the requests of this server apart.</summary>
    public WriteLease Here => here;

    /// <inheritdoc/>
    public override Guid? Id => id;

    /// <inheritdoc/>
    public override ILockView? Locks => locks;
}
