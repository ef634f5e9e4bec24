using Microsoft.Extensions.DependencyInjection;

namespace WebDavServer.Hosting.Reloading;

/// <summary>Lets the server take new settings while it runs.</summary>
internal static class ReloadSetup
{
    /// <summary>Registers what that needs. Settings that were made by the program itself are not watched.</summary>
    public static IServiceCollection AddReloading(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings).AddSingleton<Reload>().AddSingleton<IReloadable, KeepAliveReload>();
        return settings.IsWatched ? services.AddHostedService<SettingsWatch>() : services;
    }
}
