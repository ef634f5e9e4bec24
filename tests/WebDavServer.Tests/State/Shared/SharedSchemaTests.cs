using Microsoft.Extensions.Logging.Abstractions;
using WebDav.State;
using WebDav.State.Shared;
using WebDavServer.Hosting;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.State.Shared;

public sealed class SharedSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Several_servers_that_start_at_once_make_the_tables_once()
    {
        string connection = await postgres.NewDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PrepareAsync(connection))));

        Assert.Equal(1, await PostgresCluster.ScalarAsync<long>(connection, "SELECT count(*) FROM webdav_schema"));
    }

    [Fact]
    public async Task An_older_server_goes_on_beside_a_newer_one_as_long_as_that_leaves_what_it_needs()
    {
        string connection = await postgres.NewDatabaseAsync();
        await PrepareAsync(connection);
        await PostgresCluster.ExecuteAsync(connection, "UPDATE webdav_schema SET version = 1000; ALTER TABLE lock ADD COLUMN newer TEXT");

        await PrepareAsync(connection);
        await using SharedBench older = SharedBench.Make(connection);

        Assert.Equal(1000, await PostgresCluster.ScalarAsync<int>(connection, "SELECT version FROM webdav_schema"));
    }

    [Fact]
    public async Task An_older_server_is_refused_where_a_newer_one_has_taken_away_what_it_needs()
    {
        string connection = await postgres.NewDatabaseAsync();
        await PrepareAsync(connection);
        await PostgresCluster.ExecuteAsync(connection, "UPDATE webdav_schema SET version = 1000, needs = 1000");

        StateException refused = await Assert.ThrowsAsync<StateException>(() => PrepareAsync(connection));

        Assert.Contains("format 1000", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_stops_the_start_with_the_setting_and_without_the_password()
    {
        StateException refused = await Assert.ThrowsAsync<StateException>(
            () => PrepareAsync("Host=/nowhere;Username=webdav;Password=secret;Database=x"));

        Assert.Contains("State:ConnectionString", Start.Describe(refused), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task PrepareAsync(string connection)
    {
        StateOptions options = new() { Provider = StateProvider.PostgreSql, ConnectionString = connection };
        await using SharedDatabase database = new(options, new Seat(), NullLogger<SharedDatabase>.Instance);
        database.Prepare();
    }
}
