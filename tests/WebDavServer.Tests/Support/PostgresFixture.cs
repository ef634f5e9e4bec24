using WebDavServer.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace WebDavServer.Tests.Support;

/// <summary>One PostgreSQL for all tests that need one, started for the first of them.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresCluster>> _cluster = new(PostgresCluster.MakeAsync);

    /// <summary>Makes an empty database; returns how it is reached.</summary>
    public async Task<string> NewDatabaseAsync() => await (await _cluster.Value).NewDatabaseAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated)
        {
            await (await _cluster.Value).DisposeAsync();
        }
    }
}
