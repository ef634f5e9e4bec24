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
using WebDav.State.Shared;
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
        services.AddSingleton(provider =>
        {
            // The state first: it keeps a second server away, whose staging would be cleared here.
            _ = provider.GetRequiredService<IStateDatabase>();
            var options = provider.GetRequiredService<FileStoreOptions>();
            var store = new FileStore(options, provider.GetRequiredService<ILogger<FileStore>>());
            if (!options.Shared)
            {
                store.Prepare(); // else when it has its place among those that share the directory
            }

            return store;
        });
        services.TryAddSingleton<IStore>(provider => provider.GetRequiredService<FileStore>());
        return services;
    }

    private static IServiceCollection AddState(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings.State);
        services.TryAddSingleton<ILockStore, StoredLocks>();
        services.TryAddSingleton<IDeadProperties, StoredProperties>();
        services
            .AddSingleton<TransferIntents>()
            .AddSingleton<ITransferJournal>(provider => provider.GetRequiredService<TransferIntents>())
            .AddSingleton<TransferRecovery>()
            .AddHostedService<WebDavStart>();
        return settings.State.Provider == StateProvider.PostgreSql ? services.AddSharedState(settings) : services.AddLocalState(settings);
    }

    private static IServiceCollection AddSharedState(this IServiceCollection services, Settings settings) => services
        .AddSingleton(_ => StateFiles.Share(settings.StateDirectory, settings.WebDav.ReadOnly))
        .AddSingleton<Seat>()
        .AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<SharedStateFiles>(); // No server with a state of its own may use the directory at the same time.
            return ActivatorUtilities.CreateInstance<SharedDatabase>(provider);
        })
        .AddSingleton<IStateDatabase>(provider => provider.GetRequiredService<SharedDatabase>())
        .AddSingleton(provider => provider.GetRequiredService<FileStore>().Sharing)
        .AddSingleton<SharedLeases>()
        .AddSingleton<IWriteLeases>(provider => provider.GetRequiredService<SharedLeases>())
        .AddSingleton<SharedLocks>()
        .AddSingleton<ILocks>(provider => provider.GetRequiredService<SharedLocks>())
        .AddSingleton<IOperationLog, SharedOperationLog>()
        .AddSingleton<IOtherServers, OtherServers>()
        .AddSingleton<Takeover>()
        .AddSingleton<Heart>()
        .AddSingleton<IStateLife, SharedLife>();

    private static IServiceCollection AddLocalState(this IServiceCollection services, Settings settings)
    {
        // A server that may not write keeps no state of its own, but shows what an earlier one has kept.
        var exists = File.Exists(Path.Combine(settings.StateDirectory, StateFiles.DatabaseName));
        return services.AddSingleton(provider => settings.WebDav.ReadOnly && !exists
            ? StateDatabase.InMemory()
            : StateDatabase.Open(
                settings.StateDirectory,
                flush: settings.Store.Durability == Durability.Flush,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<StateDatabase>>()))
            .AddSingleton<IStateDatabase>(provider => provider.GetRequiredService<StateDatabase>())
            .AddSingleton<LockTable>()
            .AddSingleton<ILocks>(provider => provider.GetRequiredService<LockTable>())
            .AddSingleton<IWriteLeases, WriteLeases>()
            .AddSingleton<IOperationLog, StoredOperations>()
            .AddSingleton<IOtherServers, NoOtherServers>()
            .AddSingleton<StateSweep>()
            .AddSingleton<IStateLife, LocalLife>();
    }

    private static IServiceCollection AddProtocol(this IServiceCollection services) => services
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
