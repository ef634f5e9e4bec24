using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebDavServer.Security;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Security;

/// <summary>HTTP Basic (RFC 7617), bearer tokens (RFC 6750), and what failed logins cost.</summary>
public sealed class LoginTests
{
    private const string Token = "c2NyaXB0cyBtYXkgaGF2ZSBhIHRva2VuIG9mIHRoZWly";

    [Theory] // macOS looks for DAV on the answer to its first request, which has no login yet
    [InlineData("OPTIONS", "/")]
    [InlineData("OPTIONS", "/a/b/c")]
    [InlineData("PROPFIND", "/")]
    [InlineData("GET", "/f")]
    [InlineData("PUT", "/new")]
    [InlineData("GET", "/.webdav/operations")]
    public async Task Without_a_login_the_server_asks_for_one_and_says_what_it_is(string method, string target)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse answer = await server.AskAsync(method, target);

        Assert.Equal(401, answer.Status);
        Assert.Equal(["Basic realm=\"WebDAV\", charset=\"UTF-8\"", "Bearer realm=\"WebDAV\""], answer.Fields.Where(field => field.Key == "WWW-Authenticate").Select(field => field.Value));
        Assert.StartsWith("1, 2, 3", answer["DAV"], StringComparison.Ordinal);
        Assert.Equal("DAV", answer["MS-Author-Via"]);
        Assert.False(File.Exists(server.Tree.At("new")));
    }

    [Fact]
    public async Task What_the_server_is_may_be_asked_of_it_as_a_whole_and_its_health_by_anybody()
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(200, await server.StatusAsync("OPTIONS", "*"));
        Assert.Equal(200, await server.StatusAsync("GET", "/.webdav/health"));
    }

    [Theory]
    [InlineData("anna", "the password of anna", 200)]
    [InlineData("anna", "The password of anna", 401)]
    [InlineData("anna", "", 401)]
    [InlineData("Anna", "the password of anna", 401)]
    [InlineData("nobody", "the password of anna", 401)]
    [InlineData("", "", 401)]
    [InlineData("jörg", "the password of jörg", 200)]
    public async Task The_right_name_and_password_log_in(string name, string password, int status)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(status, await server.StatusAsync("GET", "/f", [TestUsers.Basic(name, password)]));
    }

    [Fact] // RFC 7617 3: charset is advice that older clients do not know of
    public async Task A_name_in_Latin_1_is_understood()
    {
        await using ServerFixture server = await StartAsync();
        string old = Convert.ToBase64String(Encoding.Latin1.GetBytes("jörg:the password of jörg"));

        Assert.Equal(200, await server.StatusAsync("GET", "/f", [$"Authorization: Basic {old}"]));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic %%%")]
    [InlineData("Basic YW5uYQ==")] // anna, without a colon
    [InlineData("Digest username=\"anna\"")]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer")]
    [InlineData("=")]
    public async Task A_login_that_cannot_be_understood_is_refused(string field)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(401, await server.StatusAsync("GET", "/f", [$"Authorization: {field}"]));
    }

    [Fact]
    public async Task A_token_is_its_user_and_may_do_no_more_than_it_says()
    {
        await using ServerFixture server = await StartAsync();
        string[] login = [$"Authorization: Bearer {Token}"];

        Assert.Equal(200, await server.StatusAsync("GET", "/f", login));
        Assert.Equal(403, await server.StatusAsync("PUT", "/f", login, body: "new"));
        Assert.Contains(server.Log.Lines, line => line.Text.Contains("user anna", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_many_failures_bar_the_name_from_that_address_until_the_window_ends()
    {
        ManualTime time = new();
        await using ServerFixture server = await StartAsync(time);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(401, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna", "wrong")]));
        }

        RawResponse barred = await server.AskAsync("GET", "/f", [TestUsers.Basic("anna")]);
        Assert.Equal(429, barred.Status);
        Assert.Equal("60", barred["Retry-After"]);
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("jörg")]));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));
    }

    [Fact]
    public async Task Too_many_failures_of_any_names_bar_the_address()
    {
        await using ServerFixture server = await StartAsync();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(401, await server.StatusAsync("GET", "/f", [TestUsers.Basic($"guess {i}")]));
        }

        Assert.Equal(429, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));
    }

    [Fact] // a mounted drive behind the same address as a guesser works on
    public async Task Who_has_logged_in_is_not_barred_by_others()
    {
        await using ServerFixture server = await StartAsync();
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));
        for (int i = 0; i < 8; i++)
        {
            await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna", $"guess {i}")]);
        }

        Assert.Equal(429, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna", "guess")]));
        Assert.Equal(200, await server.StatusAsync("GET", "/f", [TestUsers.Basic("anna")]));
    }

    [Fact]
    public async Task A_failed_login_is_logged_with_its_address_before_anything_that_the_client_chose()
    {
        await using ServerFixture server = await StartAsync();

        await server.StatusAsync("GET", "/f", [TestUsers.Basic("x from 6.6.6.6 as\ny", "wrong")]);

        Assert.Contains(server.Log.Lines, line => line is { Level: LogLevel.Warning, Text: "Failed login from 127.0.0.1 as x from 6.6.6.6 as\\u{a}y: no such user" });
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.Contains("wrong", StringComparison.Ordinal) && line.Text.Contains("Basic", StringComparison.Ordinal));
    }

    [Fact]
    public void A_password_that_was_right_is_remembered_for_a_while_and_for_its_hash_alone()
    {
        ManualTime time = new();
        using Passwords passwords = new(time);
        string hash = Passwords.Hash("secret");

        Assert.False(passwords.Remembers(hash, "secret"));
        Assert.False(passwords.Verify(hash, "guess"));
        Assert.False(passwords.Remembers(hash, "guess"));
        Assert.True(passwords.Verify(hash, "secret"));
        Assert.True(passwords.Remembers(hash, "secret"));
        Assert.False(passwords.Remembers(Passwords.Hash("secret"), "secret")); // the user's password was set anew
        time.Advance(Passwords.Memory);
        Assert.False(passwords.Remembers(hash, "secret"));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff", true)] // one network of one customer
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Failures_count_by_address_and_in_IPv6_by_network(string failed, string asked, bool barred)
    {
        FailedLogins failures = new(new FailedLoginLimits(2, 10, TimeSpan.FromMinutes(1)), new ManualTime());
        failures.Add(System.Net.IPAddress.Parse(failed), "anna");
        failures.Add(System.Net.IPAddress.Parse(failed), "anna");

        Assert.Equal(barred, failures.BarredFor(System.Net.IPAddress.Parse(asked), "anna") is not null);
    }

    [Fact]
    public void An_attack_from_very_many_addresses_does_not_fill_the_memory()
    {
        FailedLogins failures = new(new FailedLoginLimits(10, 50, TimeSpan.FromMinutes(1)), new ManualTime());

        for (int i = 0; i < 300_000; i++)
        {
            failures.Add(new System.Net.IPAddress(0x0A000000 + i), "anna");
        }

        Assert.InRange(failures.Counted, 1, 100_001);
    }

    private static Task<ServerFixture> StartAsync(ManualTime? time = null)
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna", "jörg");
        settings["Auth:Tokens:0:User"] = "anna";
        settings["Auth:Tokens:0:Sha256"] = Accounts.DigestOf(Token);
        settings["Auth:Tokens:0:Access"] = "ReadOnly";
        settings["Auth:FailedLogins:PerName"] = "3";
        settings["Auth:FailedLogins:PerAddress"] = "6";
        settings["Auth:FailedLogins:Window"] = "00:01:00";
        TempTree tree = new();
        tree.AddFile("f", "content");
        return ServerFixture.StartAsync(
            settings, services: services => { if (time is not null) { services.AddSingleton<TimeProvider>(time); } }, tree: tree);
    }
}
