namespace WebDav.Locking;

/// <summary>What locks may be (section <c>Locks</c> of the settings).</summary>
public sealed record LockOptions
{
    /// <summary>How long a lock lasts when the client names no time it wants. <c>Locks:DefaultTimeout</c></summary>
    public TimeSpan DefaultTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest a lock lasts without being refreshed. <c>Locks:MaximumTimeout</c></summary>
    public TimeSpan MaximumTimeout { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Most locks that one user has at a time; all who have no name are one user. <c>Locks:MaximumPerUser</c></summary>
    public int MaximumPerUser { get; init; } = 10_000;

    /// <summary>Most locks at a time, of all users. <c>Locks:Maximum</c></summary>
    public int Maximum { get; init; } = 100_000;

    /// <summary>
    /// The time to grant (RFC 4918 6.6, 10.7): the client's first wish that can be met. One that is endless or too long cannot, so it
    /// gets the maximum; nor can one for no time at all, which would be granted a lock that has ended.
    /// </summary>
    /// <param name="wishes">The values of <c>Timeout</c>, in the client's order.</param>
    public TimeSpan Grant(IReadOnlyList<TimeSpan> wishes)
    {
        foreach (var wish in wishes)
        {
            if (wish > TimeSpan.Zero && wish <= MaximumTimeout)
            {
                return wish;
            }
        }

        return wishes.Any(static wish => wish != TimeSpan.Zero) ? MaximumTimeout : DefaultTimeout;
    }
}
