using WebDav.Setup;
using WebDavServer.Hosting;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Security;

/// <summary>Takes a new section <c>Auth</c> while the server runs.</summary>
/// <param name="accounts">The accounts in force.</param>
/// <param name="failures">The failed logins, which go on counting.</param>
/// <param name="addresses">Where the server listens, until it ends.</param>
internal sealed class AuthReload(CurrentAccounts accounts, FailedLogins failures, ListeningAddresses addresses) : IReloadable
{
    /// <inheritdoc/>
    public bool Takes(string key) => key.StartsWith("Auth:", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    /// <remarks>The users have to be right for the addresses in force, and for those of the settings, at which the next start will listen.</remarks>
    public Action Read(ServerSettings settings, List<string> faults)
    {
        (Accounts next, IReadOnlyList<string> here) = AccountsReader.Read(settings.Configuration, addresses);
        (_, IReadOnlyList<string> there) = AccountsReader.Read(settings.Configuration, settings.Addresses);
        SettingsReader reader = new(settings.Configuration);
        FailedLoginLimits limits = FailedLoginLimits.Read(reader);
        faults.AddRange([.. here, .. there, .. reader.Faults]);
        return () =>
        {
            accounts.Value = next;
            failures.Limits = limits;
        };
    }
}
