using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using WebDav.Handlers;
using WebDavServer.Hosting;
using WebDavServer.Hosting.Reloading;
using WebDavServer.Security;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Reloading;

/// <summary>New settings while the server runs: all of them or none.</summary>
public sealed class ReloadTests
{
    private const string Wrong = "The new settings are wrong and the old ones stay: ";

    [Fact]
    public async Task A_new_user_logs_in_and_a_removed_one_does_not()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna", "ben"));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("ben")]));

        Set(server, TestUsers.Settings("anna", "carl"));

        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("carl")]));
        Assert.Equal(401, await server.StatusAsync("GET", "/f", [TestUsers.Basic("ben")]));
        Assert.Equal(["Settings reloaded: Auth:Users"], Said(server, LogLevel.Information));
    }

    [Fact]
    public async Task A_connection_that_stays_open_has_the_new_users_with_its_next_request()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna"));
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync("GET", "/f", [TestUsers.Basic("anna")]);
        Assert.Equal(200, (await connection.ReadAsync()).Status);

        Set(server, TestUsers.Settings("ben"));

        await connection.SendRequestAsync("GET", "/f", [TestUsers.Basic("anna")]);
        Assert.Equal(401, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task A_password_that_was_right_is_not_remembered_once_there_is_another()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna"));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));

        server.Settings["Auth:Users:0:PasswordHash"] = TestUsers.Settings("other")["Auth:Users:0:PasswordHash"];
        server.Reload();

        Assert.Equal(401, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna", TestUsers.Password("other"))]));
    }

    [Fact]
    public async Task A_rule_holds_and_ends()
    {
        Dictionary<string, string?> users = TestUsers.Settings("anna");
        await using ServerFixture server = await StartAsync(users);

        Set(server, new Dictionary<string, string?>(users).Rule("/f", "anna", "ReadOnly"));
        Assert.Equal(403, await server.StatusAsync("PUT", "/f", [TestUsers.Basic("anna")], "new"));
        Assert.Equal(["Settings reloaded: Auth:Rules"], Said(server, LogLevel.Information));

        Set(server, users);
        Assert.Equal(204, await server.StatusAsync("PUT", "/f", [TestUsers.Basic("anna")], "new"));
    }

    [Fact]
    public async Task A_token_is_given_and_taken_away()
    {
        const string token = "c2NyaXB0cyBtYXkgaGF2ZSBhIHRva2VuIG9mIHRoZWly";
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna"));
        Dictionary<string, string?> given = TestUsers.Settings("anna");
        given["Auth:Tokens:0:User"] = "anna";
        given["Auth:Tokens:0:Sha256"] = Accounts.DigestOf(token);

        Set(server, given);
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [$"Authorization: Bearer {token}"]));

        Set(server, TestUsers.Settings("anna"));
        Assert.Equal(401, await server.StatusAsync("GET", "/f", [$"Authorization: Bearer {token}"]));
    }

    [Fact]
    public async Task The_limits_of_failed_logins_change_and_what_was_counted_counts()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna"));
        Assert.Equal(401, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna", "wrong")]));

        server.Settings["Auth:FailedLogins:PerName"] = "1";
        server.Reload();

        Assert.Equal(429, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna", "wrong")]));
    }

    [Fact]
    public async Task A_client_is_added_to_the_keep_alive_table_and_a_request_that_runs_keeps_its_decision()
    {
        await using FaultyServer server = await FaultyServer.StartAsync();
        server.Tree.AddFile("a/f", "content");
        string[] copy = ["User-Agent: mine/1", "Destination: /b/"];
        Stall stall = server.Store.Stall(StoreCall.StagedCopyFile, "/a/f");
        await using RawConnection before = await server.Server.ConnectAsync();
        await before.SendRequestAsync("COPY", "/a/", copy);
        await stall.ReachedAsync();

        server.Server.Settings["KeepAlive:Clients:0:Pattern"] = "mine/";
        server.Server.Settings["KeepAlive:FirstAfter"] = "00:00:03";
        server.Server.Reload();

        await using RawConnection after = await server.Server.ConnectAsync();
        await after.SendRequestAsync("COPY", "/a/", copy); // joins the one that runs
        await server.AdvanceToTimerAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(102, (await after.ReadAsync()).Status);
        stall.Release();
        Assert.Equal(201, (await after.ReadFinalAsync()).Final.Status);
        Assert.Equal(201, (await before.ReadAsync()).Status);
        Assert.Equal(["Settings reloaded: KeepAlive:Clients, KeepAlive:FirstAfter"], Said(server.Server, LogLevel.Information));
    }

    [Fact]
    public async Task The_log_gets_new_levels_those_of_new_sources_too()
    {
        using TempTree logs = new();
        await using ServerFixture server = await StartAsync(new()
        {
            ["Serilog:WriteTo:0:Name"] = "File",
            ["Serilog:WriteTo:0:Args:path"] = logs.At("log"),
            ["Serilog:WriteTo:0:Args:shared"] = "true",
        });
        await server.StatusAsync("GET", "/f?first");
        await server.Log.WaitForRequestsAsync(1);

        server.Settings["Serilog:MinimumLevel:Override:WebDavServer.Hosting.RequestLog"] = "Information";
        server.Reload();
        await server.StatusAsync("GET", "/f?second");
        await server.Log.WaitForRequestsAsync(2);
        Assert.Single(logs.Read("log").Split('\n', StringSplitOptions.RemoveEmptyEntries));

        server.Settings.Remove("Serilog:MinimumLevel:Override:WebDavServer.Hosting.RequestLog");
        server.Reload();
        await server.StatusAsync("GET", "/f?third");
        await server.Log.WaitForRequestsAsync(3);
        Assert.Single(logs.Read("log").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["Settings reloaded: Serilog:MinimumLevel", "Settings reloaded: Serilog:MinimumLevel"], Said(server, LogLevel.Information));
    }

    [Fact]
    public async Task If_anything_is_wrong_all_old_settings_stay_and_each_fault_is_said_once()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna"));
        Dictionary<string, string?> wrong = TestUsers.Settings("anna", "ben").Rule("/", "nobody", "ReadOnly");
        wrong["Locks:Maximum"] = "many";
        wrong["KeepAlive:Mode"] = "Sometimes";
        wrong["Serilog:MinimumLevel:Default"] = "Loud";
        wrong["Serilog:MinimumLevel"] = null;
        wrong["WebDav:Rooot"] = "x";
        wrong["Urls"] = "nowhere";

        Set(server, wrong);
        server.Reload();

        Assert.Equal(401, await server.StatusAsync("GET", "/f", [TestUsers.Basic("ben")]));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));
        string[] said = Said(server, LogLevel.Error);
        Assert.All(said, line => Assert.StartsWith(Wrong, line, StringComparison.Ordinal));
        Assert.Equal(
            ["Auth:Rules:0:Users", "KeepAlive:Mode", "Locks:Maximum", "Serilog:MinimumLevel:Default", "Urls", "WebDav:Rooot"],
            said.Select(line => line[Wrong.Length..].Split(": ")[0]).Order(StringComparer.Ordinal));
        Assert.Empty(Said(server, LogLevel.Information));
    }

    [Fact]
    public async Task Settings_that_were_wrong_are_taken_once_they_are_right()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna"));
        string urls = server.Settings["Urls"]!;
        Dictionary<string, string?> users = TestUsers.Settings("ben");
        Set(server, users, ("Locks:Maximum", "many"));

        Set(server, users);
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("ben")]));

        Set(server, users, ("Urls", "nowhere"));
        Set(server, users, ("Urls", urls));
        Assert.Equal(["Settings reloaded: Auth:Users", "Settings read anew: they are those in force"], Said(server, LogLevel.Information));
        Assert.Equal(2, Said(server, LogLevel.Error).Length);
    }

    [Fact]
    public async Task A_change_that_needs_a_start_is_named_once_and_the_rest_is_taken()
    {
        await using ServerFixture server = await StartAsync(TestUsers.Settings("anna"));

        Set(server, TestUsers.Settings("ben"), ("Locks:Maximum", "7"), ("WebDav:Root", server.Tree.AddDirectory("other")), ("Urls", "http://127.0.0.1:1"));
        server.Reload();

        Assert.Equal(["Settings reloaded: Auth:Users"], Said(server, LogLevel.Information));
        Assert.Equal(["Settings changed that take effect at the next start: Locks:Maximum, Urls, WebDav:Root"], Said(server, LogLevel.Warning));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("ben")]));
    }

    [Theory] // the server goes on listening where it does, and the next start will listen where the settings say
    [InlineData("http://0.0.0.0:1", "http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", "http://0.0.0.0:1")]
    public void Users_have_to_be_right_for_the_old_addresses_and_the_new_ones(string inForce, string next)
    {
        Dictionary<string, string?> settings = new(TestUsers.Settings("anna")) { ["Urls"] = next, ["WebDav:Root"] = Path.GetTempPath() };
        CurrentAccounts accounts = new(new Accounts(DavUser.Anonymous, new Dictionary<string, Account>(), new Dictionary<string, DavUser>()));
        ListeningAddresses addresses = new(new ConfigurationBuilder().AddInMemoryCollection([new("Urls", inForce)]).Build());
        AuthReload reload = new(accounts, new FailedLogins(new FailedLoginLimits(1, 1, TimeSpan.FromSeconds(1)), TimeProvider.System), addresses);
        List<string> faults = [];

        reload.Read(ServerSettings.Of(settings), faults);

        Assert.StartsWith("Auth:ClearText: ", Assert.Single(faults), StringComparison.Ordinal);
        Assert.False(accounts.Value.HasUsers);
    }

    private static async Task<ServerFixture> StartAsync(Dictionary<string, string?> settings)
    {
        ServerFixture server = await ServerFixture.StartAsync(settings);
        server.Tree.AddFile("f", "content");
        return server;
    }

    /// <summary>Puts other settings of users in the place of those there are, with some others, and lets the server look.</summary>
    private static void Set(ServerFixture server, Dictionary<string, string?> users, params (string Key, string Value)[] others)
    {
        foreach (string key in server.Settings.Keys.Where(key => key.StartsWith("Auth:", StringComparison.Ordinal) || key == "Locks:Maximum").ToList())
        {
            server.Settings.Remove(key);
        }

        foreach ((string key, string? value) in users.Concat(others.Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))))
        {
            server.Settings[key] = value;
        }

        server.Reload();
    }

    private static string[] Said(ServerFixture server, LogLevel level) =>
        [.. server.Log.Lines.Where(line => line.Category == typeof(Reload).FullName && line.Level == level).Select(line => line.Text)];
}
