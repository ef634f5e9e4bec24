using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebDavServer.Hosting;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Tests.Support;

/// <summary>The real server, as the program builds it, on a free port of 127.0.0.1 with a root of its own; stopped when disposed.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempTree _certificate;
    private bool _handedOn;

    private ServerFixture(WebApplication app, TempTree tree, TempTree certificate, RecordedLog log, Dictionary<string, string?> settings)
    {
        _app = app;
        _certificate = certificate;
        Settings = settings;
        Tree = tree;
        Log = log;
        Address = new(app.Urls.Single());
        Client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => TestCertificate.IsOurs(shown) },
        })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Address { get; }

    /// <summary>A client with that base address, which follows no redirections and takes the certificate.</summary>
    public HttpClient Client { get; }

    /// <summary>The directory served.</summary>
    public TempTree Tree { get; }

    /// <summary>What was logged.</summary>
    public RecordedLog Log { get; }

    /// <summary>Its settings; what is changed in them counts from the next <see cref="Reload"/> on.</summary>
    public Dictionary<string, string?> Settings { get; }

    /// <summary>The server's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Settings, by key; there is no settings file and no environment.</param>
    /// <param name="https">Whether it listens with TLS and a self-made certificate.</param>
    /// <param name="services">Adds services or puts others in the place of the server's, such as a <see cref="ManualTime"/>.</param>
    /// <param name="endpoints">Answers requests before the WebDAV server does.</param>
    /// <param name="tree">The directory to serve, if the test has made one; the fixture then owns it.</param>
    public static async Task<ServerFixture> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null,
        bool https = false,
        Action<IServiceCollection>? services = null,
        Action<IApplicationBuilder>? endpoints = null,
        TempTree? tree = null)
    {
        tree ??= new();
        TempTree certificate = new();
        RecordedLog log = new();
        Dictionary<string, string?> all = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Urls"] = https ? "https://127.0.0.1:0" : "http://127.0.0.1:0",
            ["WebDav:Root"] = tree.Root,
            ["Serilog:MinimumLevel"] = "Fatal", // the recorded log has it all
        };
        foreach ((string key, string? value) in (https ? TestCertificate.WriteTo(certificate) : []).Concat(settings ?? new Dictionary<string, string?>()))
        {
            all[key] = value;
        }

        WebApplication app = ServerApplication.Build(
            ServerSettings.Of(all),
            collection =>
            {
                collection.AddSingleton<ILoggerProvider>(log);
                services?.Invoke(collection);
            },
            endpoints);
        await app.StartAsync();
        return new(app, tree, certificate, log, all);
    }

    /// <summary>Opens a connection of its own to the server.</summary>
    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(Address);

    /// <summary>Lets the server look at its settings as they are now.</summary>
    public void Reload() => Services.GetRequiredService<Reload>().Look(asked: false);

    /// <summary>Stops the server as SIGTERM does, and leaves its directory.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Ends the server as SIGTERM does, and hands on its directory for the next one to serve and to own.</summary>
    public async Task<TempTree> HandOnAsync()
    {
        await StopAsync();
        await EndAsync();
        _handedOn = true;
        return Tree;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_handedOn)
        {
            await EndAsync();
            Tree.Dispose();
        }
    }

    private async Task EndAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _certificate.Dispose();
    }
}
