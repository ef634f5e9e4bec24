using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Setup;
using WebDavServer.Hosting;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Security;

/// <summary>Puts the users of the settings into the server.</summary>
internal static class SecuritySetup
{
    /// <summary>Registers what logins need; returns what is wrong with the section <c>Auth</c>, a line each.</summary>
    public static IReadOnlyList<string> AddSecurity(this IServiceCollection services, IConfiguration configuration, ListeningAddresses addresses)
    {
        (Accounts accounts, IReadOnlyList<string> faults) = AccountsReader.Read(configuration, addresses);
        SettingsReader settings = new(configuration);
        services.AddSingleton(FailedLoginLimits.Read(settings));
        services.AddSingleton(new CurrentAccounts(accounts)).AddSingleton<Passwords>().AddSingleton<FailedLogins>();
        services.AddSingleton(addresses).AddSingleton<IReloadable, AuthReload>();
        services.AddSingleton(UrlEncoder.Default);
        services.AddTransient<LoginHandler>();
        services.AddAuthenticationCore(options =>
        {
            options.AddScheme<LoginHandler>(LoginHandler.Name, displayName: null);
            options.DefaultScheme = LoginHandler.Name;
        });
        return [.. faults, .. settings.Faults];
    }

    /// <summary>Every request from here on has its user.</summary>
    public static IApplicationBuilder UseSecurity(this IApplicationBuilder app)
    {
        // Logins asks the handler itself, and only where there is something to ask. The application would else add a middleware that
        // makes a handler for every request, before all others, where a proxy is still taken for its client.
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        return app.UseMiddleware<Logins>();
    }
}
