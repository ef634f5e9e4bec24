using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDav.Protocol;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>
/// Thirty-two clients in overlapping trees, and a checker that decides from their history alone whether the server can have done one thing
/// after the other. <c>WEBDAV_HISTORY_SECONDS=60 WEBDAV_HISTORY_SEEDS=5</c> in the environment makes the campaign longer; without them it
/// is one seed and a number of requests. The seed gives what each client asks, not how the requests come together.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class HistoryTests
{
    private const int Requests = 40;
    private const int MostRounds = 20;

    [Fact]
    public async Task What_many_clients_do_at_once_is_as_if_they_had_done_it_one_after_the_other()
    {
        int seconds = Number("WEBDAV_HISTORY_SECONDS", otherwise: 0);
        for (int seed = 1; seed <= Number("WEBDAV_HISTORY_SEEDS", otherwise: 1); seed++)
        {
            await using ServerFixture server = await ServerFixture.StartAsync(endpoints: HistoryLoad.AddUsers);
            HistoryLoad load = new(server, seed);
            long begin = Stopwatch.GetTimestamp();
            await load.RunAsync(number => seconds == 0 ? number < Requests : Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds);

            IReadOnlyList<string> wrong = [.. HistoryChecker.Check(load.History), .. load.CheckWanderers()];
            string count = $"seed {seed}: {load.History.Count} requests: " + string.Join(
                ", ", load.History.GroupBy(at => (at.Method, at.Status)).OrderBy(group => group.Key).Select(group => $"{group.Key.Method} {group.Key.Status}: {group.Count()}"));
            TestContext.Current.TestOutputHelper?.WriteLine(count);
            Assert.True(wrong.Count == 0, $"{count}\n{wrong.Count} violations:\n{string.Join('\n', wrong.Take(10))}");
            Assert.All(
                (string[])["PUT", "DELETE", "MOVE", "COPY", "LOCK", "UNLOCK", "GET"],
                method => Assert.Contains(load.History, at => at.Method == method && at.IsConfirmed));
        }
    }

    [Fact]
    public async Task A_server_that_writes_in_place_is_found_out() => Assert.Contains(
        "never written whole",
        await FoundAsync("never written whole", tree => services => StoreWrapper.AddTo(services, store => new InPlaceStore(store, tree)), HistoryLoad.AddUsers),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_server_that_leaves_out_the_check_for_locks_is_found_out() => Assert.Contains(
        "a lock was passed", await FoundAsync("a lock was passed", _ => _ => { }, WithEveryToken), StringComparison.Ordinal);

    [Fact]
    public async Task A_server_that_leaves_out_the_check_of_conditions_is_found_out() => Assert.Contains(
        "an update is lost", await FoundAsync("an update is lost", _ => _ => { }, WithoutConditions), StringComparison.Ordinal);

    // Runs the same load against a server with a planted fault until the checker says that word; in vain, it returns all it has said.
    private static async Task<string> FoundAsync(
        string word, Func<TempTree, Action<IServiceCollection>> plant, Action<IApplicationBuilder> endpoints)
    {
        List<string> said = [];
        for (int seed = 1; seed <= MostRounds; seed++)
        {
            TempTree tree = new();
            await using ServerFixture server = await ServerFixture.StartAsync(services: plant(tree), endpoints: endpoints, tree: tree);
            HistoryLoad load = new(server, seed);
            await load.RunAsync(number => number < Requests);
            said.AddRange(HistoryChecker.Check(load.History));
            if (said.FirstOrDefault(line => line.Contains(word, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }
        }

        return string.Join('\n', said);
    }


    // As if no lock were asked for: each request comes with the tokens of all, and is of the user who took them.
    private static void WithEveryToken(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Method is not ("GET" or "LOCK" or "UNLOCK"))
        {
            LockTable locks = app.ApplicationServices.GetRequiredService<LockTable>();
            context.Request.Headers["If"] =
                string.Concat(locks.Below(DavPath.Root).Select(active => $"(<{active.Token.Uri}>) ")) + "(Not <DAV:no-lock>)";
        }

        return next(context);
    });

    private static void WithoutConditions(IApplicationBuilder app)
    {
        HistoryLoad.AddUsers(app);
        app.Use((context, next) =>
        {
            context.Request.Headers.Remove("If-Match");
            return next(context);
        });
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text) : otherwise;
}
