using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebDav.Browser;
using WebDav.Handlers;
using WebDav.Locking;
using WebDav.Metrics;
using WebDav.Operations;
using WebDav.Preconditions;
using WebDav.Progress;
using WebDav.Properties;
using WebDav.Scheduling;
using WebDav.State;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Setup;

/// <summary>Puts the WebDAV server into an application.</summary>
public static class WebDavSetup
{
    /// <summary>
    /// Registers the server's parts, with the settings of a configuration. A part that is registered before, such as an
    /// <see cref="IStore"/> of one's own, is kept.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong; each that is has a line.</exception>
    public static IServiceCollection AddWebDav(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = Settings.Read(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WebDavMetrics>();
        services.AddSingleton(settings.WebDav).AddSingleton(settings.Limits).AddSingleton(settings.Store);
        services.AddSingleton(new CurrentKeepAlive(new KeepAlivePolicy(settings.KeepAlive)));
        services.AddSingleton(settings.Locks).AddSingleton(settings.Operations).AddSingleton(settings.Properties);
        return services.AddStorage().AddState(settings).AddProtocol().AddHandlers();
    }

    /// <summary>Lets every request that reaches this place of the pipeline be answered by the WebDAV server.</summary>
    public static IApplicationBuilder MapWebDav(this IApplicationBuilder app)
    {
        var endpoint = app.ApplicationServices.GetRequiredService<DavEndpoint>();
        app.ApplicationServices.GetRequiredService<WebDavMetrics>().Observe(app.ApplicationServices);
        app.UseWebSockets();
        app.UseMiddleware<BrowserAssets>(app.ApplicationServices.GetRequiredService<WebDavOptions>().PathBase);
        app.Run(endpoint.HandleAsync);
        return app;
    }

    private static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<IStore>(provider =>
        {
            // The database first: it keeps a second server away, whose staging would be cleared here.
            _ = provider.GetRequiredService<StateDatabase>();
            var store = new FileStore(provider.GetRequiredService<FileStoreOptions>(), provider.GetRequiredService<ILogger<FileStore>>());
            store.Prepare();
            return store;
        });
        return services;
    }

    private static IServiceCollection AddState(this IServiceCollection services, Settings settings)
    {
        // A server that may not write keeps no state of its own, but shows what an earlier one has kept.
        var exists = File.Exists(Path.Combine(settings.StateDirectory, StateFiles.DatabaseName));
        services.AddSingleton(provider => settings.WebDav.ReadOnly && !exists
            ? StateDatabase.InMemory()
            : StateDatabase.Open(
                settings.StateDirectory,
                flush: settings.Store.Durability == Durability.Flush,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<StateDatabase>>()));
        services.TryAddSingleton<ILockStore, SqliteLockStore>();
        services.TryAddSingleton<IDeadProperties, SqliteDeadProperties>();
        return services
            .AddSingleton<TransferIntents>()
            .AddSingleton<ITransferJournal>(provider => provider.GetRequiredService<TransferIntents>())
            .AddSingleton<TransferRecovery>()
            .AddSingleton<IOperationLog, SqliteOperationLog>()
            .AddSingleton<StateSweep>()
            .AddHostedService<WebDavStart>();
    }

    private static IServiceCollection AddProtocol(this IServiceCollection services) => services
        .AddSingleton<LockTable>()
        .AddSingleton<WriteLeases>()
        .AddSingleton<PreconditionGate>()
        .AddSingleton<PropertyPatcher>()
        .AddSingleton<Workers>()
        .AddSingleton<CopyTree>()
        .AddSingleton<MoveTree>()
        .AddSingleton<DeleteTree>()
        .AddSingleton<LockTree>()
        .AddSingleton<TreeCount>()
        .AddSingleton<OperationRunner>()
        .AddSingleton<OperationRegistry>()
        .AddSingleton<KeepAliveEmitter>();

    private static IServiceCollection AddHandlers(this IServiceCollection services) => services
        .AddSingleton<TreeRequests>()
        .AddSingleton<OperationResults>()
        .AddSingleton<OperationsEndpoint>()
        .AddSingleton<Transfer>()
        .AddSingleton<OptionsHandler>()
        .AddSingleton<GetHandler>()
        .AddSingleton<ContentUpdate>()
        .AddSingleton<PutHandler>()
        .AddSingleton<PatchHandler>()
        .AddSingleton<DeleteHandler>()
        .AddSingleton<MkcolHandler>()
        .AddSingleton<CopyHandler>()
        .AddSingleton<MoveHandler>()
        .AddSingleton<PropFindHandler>()
        .AddSingleton<PropPatchHandler>()
        .AddSingleton<LockHandler>()
        .AddSingleton<UnlockHandler>()
        .AddSingleton<MethodTable>()
        .AddSingleton<PropertiesWriter>()
        .AddSingleton<StreamedOutcome>()
        .AddSingleton<ZipWriter>()
        .AddSingleton<ResultWriter>()
        .AddSingleton<DavRequestReader>()
        .AddSingleton<OriginCheck>()
        .AddSingleton<DavEndpoint>();
}
