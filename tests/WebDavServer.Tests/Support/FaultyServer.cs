using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Storage;

namespace WebDavServer.Tests.Support;

/// <summary>The real server over a store that can be told to fail and to stall, with a clock that a test moves.</summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    private FaultyServer(ServerFixture server, FaultyStore store, ManualTime time) => (Server, Store, Time) = (server, store, time);

    /// <summary>The server.</summary>
    public ServerFixture Server { get; }

    /// <summary>Its store.</summary>
    public FaultyStore Store { get; }

    /// <summary>Its clock, unless it was started with the real one.</summary>
    public ManualTime Time { get; }

    /// <summary>The directory served.</summary>
    public TempTree Tree => Server.Tree;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Settings, by key.</param>
    /// <param name="https">Whether it listens with TLS.</param>
    /// <param name="realTime">Whether the clock goes on by itself.</param>
    /// <param name="tree">The directory to serve.</param>
    /// <param name="onAborted">Is called when the server finds that a client has gone while its request was answered.</param>
    /// <param name="endpoints">What comes before the WebDAV server, such as who its users are.</param>
    public static async Task<FaultyServer> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null,
        bool https = false,
        bool realTime = false,
        TempTree? tree = null,
        Action? onAborted = null,
        Action<IApplicationBuilder>? endpoints = null)
    {
        ManualTime time = new();
        ServerFixture server = await ServerFixture.StartAsync(
            settings,
            https,
            services =>
            {
                Func<IServiceProvider, object> files = services.Last(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
                services.AddSingleton<IStore>(provider => new FaultyStore((IStore)files(provider)));
                if (!realTime)
                {
                    services.AddSingleton<TimeProvider>(time);
                }
            },
            app =>
            {
                endpoints?.Invoke(app);
                app.Use(async (context, next) =>
                {
                    await using (context.RequestAborted.Register(() => onAborted?.Invoke()))
                    {
                        await next(context);
                    }
                });
            },
            tree);
        return new(server, (FaultyStore)server.Services.GetRequiredService<IStore>(), time);
    }

    /// <summary>Moves the clock once somebody waits for just that moment: others, such as an operation, may wait for other ones.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await Time.WaitForTimerAsync(by);
        Time.Advance(by);
    }

    /// <summary>Moves the clock once somebody waits for exactly that moment; others may wait for earlier ones.</summary>
    public async Task AdvanceToTimerAsync(TimeSpan by)
    {
        await Time.WaitForTimerAsync(by);
        Time.Advance(by);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
