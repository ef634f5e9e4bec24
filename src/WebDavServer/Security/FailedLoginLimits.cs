using WebDav.Setup;

namespace WebDavServer.Security;

/// <summary>How many failed logins are taken.</summary>
/// <param name="PerName">Of one name from one address within a window. <c>Auth:FailedLogins:PerName</c></param>
/// <param name="PerAddress">From one address, whatever the names. <c>Auth:FailedLogins:PerAddress</c></param>
/// <param name="Window">How long a failure counts, and a bar lasts at most. <c>Auth:FailedLogins:Window</c></param>
internal sealed record FailedLoginLimits(int PerName, int PerAddress, TimeSpan Window)
{
    /// <summary>Reads them.</summary>
    public static FailedLoginLimits Read(SettingsReader settings) => new(
        settings.Count("Auth:FailedLogins:PerName", 10),
        settings.Count("Auth:FailedLogins:PerAddress", 50),
        settings.Duration("Auth:FailedLogins:Window", TimeSpan.FromMinutes(5)));
}
