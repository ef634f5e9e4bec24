using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace WebDavServer.Tests.Support;

/// <summary>Several servers on one directory, over one PostgreSQL.</summary>
internal sealed class ServerGroup : IAsyncDisposable
{
    /// <summary>How long a server may give no sign of life.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private readonly List<ServerFixture> _servers = [];

    private ServerGroup(string connectionString) => ConnectionString = connectionString;

    /// <summary>How the database is reached.</summary>
    public string ConnectionString { get; }

    /// <summary>The directory that they serve.</summary>
    public TempTree Tree { get; } = new();

    public ServerFixture this[int number] => _servers[number];

    /// <summary>Starts them.</summary>
    /// <param name="connectionString">An empty database.</param>
    /// <param name="count">How many.</param>
    /// <param name="services">Adds services to each.</param>
    public static async Task<ServerGroup> StartAsync(string connectionString, int count = 2, Action<IServiceCollection>? services = null)
    {
        ServerGroup group = new(connectionString);
        Dictionary<string, string?> settings = new()
        {
            ["State:Provider"] = "PostgreSql",
            ["State:ConnectionString"] = connectionString,
            ["State:HeartbeatTimeout"] = Heartbeat.ToString("c", CultureInfo.InvariantCulture),
        };

        // At once, as an orchestrator starts them.
        group._servers.AddRange(await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => ServerFixture.StartAsync(settings, services: services, tree: group.Tree))));
        return group;
    }

    /// <summary>What lies in the staging directories.</summary>
    public IReadOnlyList<string> Staged =>
        [.. Directory.GetDirectories(Tree.At(".webdav/servers")).SelectMany(Directory.GetFileSystemEntries)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ServerFixture server in _servers)
        {
            await server.HandOnAsync();
        }

        Tree.Dispose();
    }
}
