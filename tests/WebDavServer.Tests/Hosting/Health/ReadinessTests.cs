using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebDav.State;
using WebDav.Storage;
using WebDavServer.Hosting.Health;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Health;

public sealed class ReadinessTests
{
    private const string Well = """{"status":"ok","checks":{"root":"ok","database":"ok","space":"ok"}}""";

    [Fact]
    public async Task A_root_that_cannot_be_read_is_named_without_its_path_and_logged_once()
    {
        await using FaultyServer server = await FaultyServer.StartAsync();
        server.Store.Fail(StoreCall.List, "", StoreFault.InputOutput, times: 2);

        RawResponse first = await AskAsync(server);
        await AskAsync(server);
        server.Time.Advance(Readiness.Lasts);
        await AskAsync(server);
        server.Time.Advance(Readiness.Lasts);
        RawResponse later = await AskAsync(server);

        Assert.Equal((503, """{"status":"failed","checks":{"root":"failed","database":"ok","space":"ok"}}"""), (first.Status, first.Text));
        Assert.Equal(("no-store", "application/json"), (first["Cache-Control"], first["Content-Type"]));
        Assert.Equal((200, Well), (later.Status, later.Text));
        LogLine[] told = [.. server.Server.Log.Lines.Where(line => line.Category == typeof(Readiness).FullName)];
        Assert.Equal([LogLevel.Warning, LogLevel.Information], told.Select(line => line.Level));
        Assert.Contains("as the test asked", told[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_little_space_is_told()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(
            new Dictionary<string, string?> { ["Health:LeastSpace"] = long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture) });

        RawResponse answer = await server.AskAsync("GET", HealthPage.Location);

        Assert.Equal((503, """{"status":"failed","checks":{"root":"ok","database":"ok","space":"too little"}}"""), (answer.Status, answer.Text));
        Assert.Equal("""{"status":"ok"}""", (await server.AskAsync("GET", HealthPage.LiveLocation)).Text);
    }

    [Fact]
    public async Task A_server_that_may_not_write_needs_no_space()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:ReadOnly"] = "true" });

        Assert.Equal("""{"status":"ok","checks":{"root":"ok","database":"ok"}}""", (await server.AskAsync("GET", HealthPage.Location)).Text);
    }

    [Fact]
    public async Task A_database_that_another_keeps_locked_is_not_waited_for()
    {
        await using FaultyServer server = await FaultyServer.StartAsync();
        await using SqliteConnection other = new($"Data Source={server.Tree.At(".webdav/state.db")};Pooling=False");
        await other.OpenAsync();
        Execute(other, "BEGIN IMMEDIATE");

        Task<RawResponse> asked = AskAsync(server);
        await server.AdvanceAsync(Readiness.Patience);

        Assert.Contains("\"database\":\"no answer\"", (await asked).Text, StringComparison.Ordinal);
        Execute(other, "ROLLBACK");
    }

    [Fact]
    public async Task The_database_is_really_written()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        await using SqliteConnection other = new($"Data Source={server.Tree.At(".webdav/state.db")};Pooling=False");
        await other.OpenAsync();
        long before = Execute(other, "PRAGMA data_version"); // changes when another connection has written

        await server.Services.GetRequiredService<StateDatabase>().ProbeAsync();

        Assert.NotEqual(before, Execute(other, "PRAGMA data_version"));
        Assert.NotEqual(0, Execute(other, "PRAGMA user_version"));
    }

    [Fact]
    public async Task One_look_serves_all_who_ask_within_a_few_seconds()
    {
        await using FaultyServer server = await FaultyServer.StartAsync();
        int before = Looks(server);
        Stall stall = server.Store.Stall(StoreCall.List, "");
        Task<RawResponse[]> all = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(server)));
        await stall.ReachedAsync();
        stall.Release();

        Assert.All(await all, answer => Assert.Equal(Well, answer.Text));
        server.Time.Advance(Readiness.Lasts - TimeSpan.FromSeconds(1));
        await AskAsync(server);
        Assert.Equal(1, Looks(server) - before);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(server);
        Assert.Equal(2, Looks(server) - before);
    }

    [Fact]
    public async Task A_disk_that_hangs_hangs_nobody_and_is_asked_once()
    {
        await using FaultyServer server = await FaultyServer.StartAsync();
        int before = Looks(server);
        Stall stall = server.Store.Stall(StoreCall.List, "");
        Task<RawResponse> first = AskAsync(server);
        await stall.ReachedAsync();
        await server.AdvanceAsync(Readiness.Patience);
        string hanging = """{"status":"failed","checks":{"root":"no answer",""";

        Assert.StartsWith(hanging, (await first).Text, StringComparison.Ordinal);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith(hanging, (await AskAsync(server)).Text, StringComparison.Ordinal);
        Assert.Equal("""{"status":"ok"}""", (await server.Server.AskAsync("GET", HealthPage.LiveLocation)).Text);
        Assert.Equal(1, Looks(server) - before);

        stall.Release();
        int status = 503;
        for (int i = 0; i < 500 && status != 200; i++)
        {
            status = (await AskAsync(server)).Status;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(200, status);
    }

    private static Task<RawResponse> AskAsync(FaultyServer server) => server.Server.AskAsync("GET", HealthPage.Location);

    private static int Looks(FaultyServer server) => server.Store.Count(StoreCall.List, "");

    private static long Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
