using WebDavServer.Tests.Handlers;

namespace WebDavServer.Tests.Preconditions;

/// <summary>One server for a table of requests, each of which has a collection of its own.</summary>
public sealed class PrecedenceServer : IAsyncLifetime
{
    private int _collections;

    /// <summary>When every file was last modified: between two seconds, as file systems have it and HTTP dates do not.</summary>
    public static DateTime Modified { get; } = new(2025, 3, 4, 5, 6, 7, 890, DateTimeKind.Utc);

    internal LockClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Client = await LockClient.StartAsync();

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    /// <summary>A new collection with one file; its name.</summary>
    internal string AddCollection()
    {
        var name = $"c{Interlocked.Increment(ref _collections)}";
        File.SetLastWriteTimeUtc(Client.Tree.AddFile($"{name}/file", "0123456789"), Modified);
        return name;
    }
}
