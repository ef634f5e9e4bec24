namespace WebDavServer.Tests.Handlers;

/// <summary>One server for a table of requests, each of which has a collection of its own with the same files in it.</summary>
public sealed class EnforcementServer : IAsyncLifetime
{
    private int _collections;

    internal LockClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Client = await LockClient.StartAsync();

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    /// <summary>A new collection with <c>file</c>, <c>other</c>, <c>dir/member</c>, <c>dir/sub/deep</c> and <c>from/member</c>; its URL.</summary>
    internal string AddCollection()
    {
        var name = $"c{Interlocked.Increment(ref _collections)}";
        foreach (var file in new[] { "file", "other", "dir/member", "dir/sub/deep", "from/member" })
        {
            Client.Tree.AddFile($"{name}/{file}", file);
        }

        return "/" + name;
    }
}
