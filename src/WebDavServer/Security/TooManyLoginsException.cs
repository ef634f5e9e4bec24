namespace WebDavServer.Security;

/// <summary>A login that was not tried, because too many have failed before it.</summary>
internal sealed class TooManyLoginsException(TimeSpan wait) : Exception("too many logins have failed")
{
    /// <summary>When it may be tried again.</summary>
    public TimeSpan Wait { get; } = wait;
}
