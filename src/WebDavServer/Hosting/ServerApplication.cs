using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebDav.Handlers;
using WebDav.Operations;
using WebDav.Setup;
using WebDavServer.Hosting.Forwarding;
using WebDavServer.Hosting.Health;
using WebDavServer.Hosting.Interim;
using WebDavServer.Hosting.Metrics;
using WebDavServer.Hosting.Reloading;
using WebDavServer.Hosting.Stalling;
using WebDavServer.Hosting.Tls;
using WebDavServer.Security;

namespace WebDavServer.Hosting;

/// <summary>Puts the server together; the program and the tests build the same one.</summary>
internal static class ServerApplication
{
    /// <summary>
    /// What the end of the server may take beyond the wait: operations that were stopped are told to their clients. Then Kestrel breaks
    /// off the connections of whatever is left, such as an upload.
    /// </summary>
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromSeconds(2);

    /// <summary>The server with these settings, not yet started.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="services">What a test adds to the services or puts in the place of one; called last.</param>
    /// <param name="endpoints">What a test answers itself, before the WebDAV server.</param>
    /// <exception cref="StartFaultException">Something is wrong with the settings; all of it at once.</exception>
    public static WebApplication Build(
        ServerSettings settings, Action<IServiceCollection>? services = null, Action<IApplicationBuilder>? endpoints = null)
    {
        SettingsReader reader = new(settings.Configuration);
        TrustedProxies proxies = new(reader);
        CrossOrigin crossOrigin = new(reader);
        ConnectionLimits limits = ConnectionLimits.Read(reader);
        List<string> faults = [.. SettingsCheck.Faults(settings)];

        // The empty builder reads no settings and no environment of its own: everything in force is in `settings`.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = Directory.GetCurrentDirectory() });
        builder.Configuration.AddConfiguration(settings.Configuration);
        faults.AddRange(builder.Services.AddSecurity(builder.Configuration, settings.Addresses));
        builder.Services.AddSingleton(limits);
        builder.UseSerilog(faults);
        builder.WebHost.UseKestrelWith(settings);
        builder.AddTls(settings, faults);
        builder.Services.AddOptions<HostOptions>().Configure<OperationOptions>(
            (host, operations) => host.ShutdownTimeout = operations.ShutdownWait + ShutdownMargin);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddCors();
        builder.Services.Configure<WebSocketOptions>(sockets =>
        {
            // What of an exchange StalledClients ends; a socket has no body, but its other side answers pings (RFC 6455 5.5.2).
            sockets.KeepAliveInterval = limits.BodyTimeout / 4;
            sockets.KeepAliveTimeout = limits.BodyTimeout;
        });
        builder.Services.AddSingleton(new HealthOptions(reader)).AddSingleton<Readiness>();
        builder.Services.AddMetricsExport(new OtlpOptions(reader));
        builder.Services.AddSingleton<IInterimResponses, InterimResponses>();
        faults.AddRange(SettingsCheck.AddWebDav(builder.Services, builder.Configuration));
        builder.Services.AddReloading(settings);
        SettingsCheck.StopOn(faults, settings);
        services?.Invoke(builder.Services);

        WebApplication app = builder.Build();

        app.LogCertificates();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<StalledClients>();
        app.UseMiddleware<UnhandledFaults>();
        app.UseMiddleware<ForwardedRequests>(proxies);
        crossOrigin.Use(app);
        app.UseMiddleware<HealthPage>();
        app.UseSecurity();
        endpoints?.Invoke(app);
        app.MapWebDav();
        return app;
    }
}
