using System.Diagnostics;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>
/// Thirty-two clients at three servers on one directory, of which now one and then another is killed, and PostgreSQL in between; then the
/// history is looked at. <c>WEBDAV_SHARED_HISTORY_SECONDS=60 WEBDAV_SHARED_HISTORY_SEEDS=5</c> in the environment makes the campaign longer.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class SharedHistoryTests
{
    private const int Servers = 3;
    private const string WhatIsLeft =
        "SELECT concat((SELECT json_agg(server) FROM server), (SELECT json_agg(lease) FROM lease), (SELECT json_agg(intent) FROM intent))";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task What_is_confirmed_by_servers_that_are_killed_is_kept_and_done_once()
    {
        for (int seed = 1; seed <= Number("WEBDAV_SHARED_HISTORY_SEEDS", otherwise: 1); seed++)
        {
            await RunAsync(seed, TimeSpan.FromSeconds(Number("WEBDAV_SHARED_HISTORY_SECONDS", otherwise: 12)));
        }
    }

    private static async Task RunAsync(int seed, TimeSpan length)
    {
        using TempTree tree = new();
        await using PostgresCluster postgres = await PostgresCluster.MakeAsync();
        string connection = await postgres.NewDatabaseAsync();
        SharedProcess[] servers = [.. Enumerable.Range(0, Servers).Select(_ => new SharedProcess(tree.Root, Environment(connection)))];
        HistoryLoad load = new(tree, () => servers[Random.Shared.Next(Servers)].Client, seed);
        List<string> chaos = [];
        try
        {
            await Task.WhenAll(servers.Select(server => server.StartAsync()));
            long begun = Stopwatch.GetTimestamp();
            Task hurting = HurtAsync(new Random(seed), servers, postgres, () => Stopwatch.GetElapsedTime(begun) < length, chaos);
            await load.RunAsync(_ => Stopwatch.GetElapsedTime(begun) < length, settled: async () =>
            {
                await hurting;
                await SettledAsync(connection);
            });

            IReadOnlyList<string> wrong = [.. HistoryChecker.CheckDespiteFailures(load.History), .. load.CheckWanderers()];
            string count = $"seed {seed}: {string.Join(", ", chaos)}; {load.History.Count} requests: " + string.Join(
                ", ", load.History.GroupBy(at => at.Status).OrderBy(group => group.Key).Select(group => $"{group.Key}: {group.Count()}"));
            TestContext.Current.TestOutputHelper?.WriteLine(count);
            Assert.True(wrong.Count == 0, $"{count}\n{wrong.Count} violations:\n{string.Join('\n', wrong.Take(10))}");
            Assert.True(load.History.All(at => at.Status != 500), $"{count}\n{string.Join('\n', servers.SelectMany(server => server.Faults))}");
            Assert.True(load.History.Count(at => at.Method == "PUT" && at.IsConfirmed) > 20, count);

            Assert.Equal(new int[Servers], await Task.WhenAll(servers.Select(server => server.StopAsync())));
            Assert.Empty(Directory.GetFileSystemEntries(tree.At(".webdav/servers")));
            Assert.False(tree.Has(".webdav/aside"));
            Assert.Equal(0, await CountAsync(connection, "lease"));
            Assert.Equal(0, await CountAsync(connection, "intent"));
            Assert.Equal(0, await CountAsync(connection, "server"));
        }
        finally
        {
            foreach (SharedProcess server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    // Now a server, and then the database; each comes back after a while.
    private static async Task HurtAsync(
        Random random, SharedProcess[] servers, PostgresCluster postgres, Func<bool> goesOn, List<string> told)
    {
        while (goesOn())
        {
            await Task.Delay(random.Next(500, 2500));
            if (random.Next(4) == 0)
            {
                told.Add("PostgreSQL");
                await postgres.CrashAsync();
                await Task.Delay(random.Next(0, 2000));
                await postgres.StartAsync();
                continue;
            }

            int number = random.Next(servers.Length);
            told.Add($"server {number}");
            await servers[number].KillAsync();
            await Task.Delay(random.Next(0, 5000)); // shorter and longer than its heartbeat
            await servers[number].StartAsync();
        }
    }

    // Nobody is dead any more, and nobody is at work.
    private static async Task SettledAsync(string connection)
    {
        long begun = Stopwatch.GetTimestamp();
        while (await CountAsync(connection, "server") != Servers || await CountAsync(connection, "lease") + await CountAsync(connection, "intent") != 0)
        {
            Assert.True(
                Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60),
                $"the servers do not settle: {await PostgresCluster.ScalarAsync<string>(connection, WhatIsLeft)}");
            await Task.Delay(100);
        }
    }

    private static Task<long> CountAsync(string connection, string table) =>
        PostgresCluster.ScalarAsync<long>(connection, $"SELECT count(*) FROM {table}");

    private static Dictionary<string, string> Environment(string connection)
    {
        Dictionary<string, string> settings = TestUsers.Settings(HistoryLoad.Users)
            .ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value!);
        settings["State__Provider"] = "PostgreSql";
        settings["State__ConnectionString"] = connection;
        settings["State__HeartbeatTimeout"] = Heartbeat.ToString();
        return settings;
    }

    private static int Number(string variable, int otherwise) =>
        System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text) : otherwise;
}
