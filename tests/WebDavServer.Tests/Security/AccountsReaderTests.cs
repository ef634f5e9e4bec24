using WebDavServer.Hosting;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Security;

/// <summary>What is wrong in the section <c>Auth</c> stops the start, and is named.</summary>
public sealed class AccountsReaderTests
{
    [Theory]
    [InlineData("Auth:Users:0:Name", "", "Auth:Users:0:Name: '' is no name")]
    [InlineData("Auth:Users:0:Name", "a:b", "Auth:Users:0:Name: 'a:b' is no name")]
    [InlineData("Auth:Users:0:Name", "anonymous", "Auth:Users:0:Name: 'anonymous' is no name")]
    [InlineData("Auth:Users:0:Name", "*", "Auth:Users:0:Name: '*' is no name")]
    [InlineData("Auth:Users:0:Name", "ben", "Auth:Users:1:Name: there is another user 'ben'")]
    [InlineData("Auth:Users:0:PasswordHash", "secret", "Auth:Users:0:PasswordHash: must be a line that")]
    [InlineData("Auth:Users:0:PasswordHash", "$2y$10$abcdefghijklmnopqrstuv", "Auth:Users:0:PasswordHash: must be a line that")]
    [InlineData("Auth:Users:0:PasswordHash", "", "Auth:Users:0:PasswordHash: must be a line that")]
    [InlineData("Auth:Users:0:Root", "/nowhere", "Auth:Users:0:Root: there is no directory '/nowhere'")]
    [InlineData("Auth:Users:0:Root", "/a/../..", "Auth:Users:0:Root: '/a/../..' is no path")]
    [InlineData("Auth:Users:0:Root", "/.webdav", "Auth:Users:0:Root: '/.webdav' is the server's own")]
    [InlineData("Auth:Users:0:Access", "All", "Auth:Users:0:Access: 'All' is none of None, ReadOnly, ReadWrite")]
    [InlineData("Auth:Users:0:Administrator", "yes", "Auth:Users:0:Administrator: 'yes' is neither true nor false")]
    [InlineData("Auth:Rules:0:Path", "", "Auth:Rules:0:Path: must say")]
    [InlineData("Auth:Rules:0:Users:0", "eve", "Auth:Rules:0:Users: there is no user 'eve'")]
    [InlineData("Auth:Rules:0:Users:0", "", "Auth:Rules:0:Users: must name")]
    [InlineData("Auth:Rules:0:Access", "", "Auth:Rules:0:Access: must be")]
    [InlineData("Auth:Tokens:0:User", "eve", "Auth:Tokens:0:User: there is no user 'eve'")]
    [InlineData("Auth:Tokens:0:Sha256", "abc", "Auth:Tokens:0:Sha256: must be the 64")]
    [InlineData("Auth:FailedLogins:Window", "60", "Auth:FailedLogins:Window: '60' is no time span")]
    [InlineData("Auth:FailedLogins:PerName", "-1", "Auth:FailedLogins:PerName: '-1' is no whole number")]
    [InlineData("Auth:Users:0:Pasword", "x", "Auth:Users:0:Pasword: there is no such setting")]
    [InlineData("Urls", "http://0.0.0.0:0", "Auth:ClearText: passwords would cross the network")]
    public void Each_fault_is_named_with_its_key(string key, string value, string fault)
    {
        Dictionary<string, string?> settings = Settings();
        settings[key] = value;

        Assert.StartsWith(fault, Assert.Single(FaultsOf(settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rules_for_the_same_user_and_path_contradict_one_another() => Assert.StartsWith(
        "Auth:Rules:1:Path: another rule for '/a'", Assert.Single(FaultsOf(Settings().Rule("/a/", "ben,anna", "None"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Auth:ClearText", "Allowed", "http://0.0.0.0:0")]
    [InlineData("Auth:ClearText", "Refused", "http://127.0.0.1:0")]
    public void Passwords_without_TLS_from_other_machines_must_be_asked_for(string key, string value, string url)
    {
        Dictionary<string, string?> settings = Settings();
        settings[key] = value;
        settings["Urls"] = url;

        Assert.Empty(FaultsOf(settings));
    }

    [Fact]
    public void With_users_the_server_may_listen_beyond_loopback_and_nobody_else_gets_in() =>
        Assert.Empty(FaultsOf(new(Settings()) { ["Urls"] = "http://0.0.0.0:0", ["Auth:ClearText"] = "Allowed" }));

    private static Dictionary<string, string?> Settings()
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna", "ben").Rule("/a", "ben", "ReadOnly");
        settings["Auth:Tokens:0:User"] = "ben";
        settings["Auth:Tokens:0:Sha256"] = new string('a', 64);
        settings["Urls"] = "http://127.0.0.1:0";
        return settings;
    }

    private static IReadOnlyList<string> FaultsOf(Dictionary<string, string?> settings)
    {
        using TempTree tree = new();
        tree.AddDirectory("a");
        try
        {
            ServerApplication.Build(ServerSettings.Of(new Dictionary<string, string?>(settings) { ["WebDav:Root"] = tree.Root })).DisposeAsync().AsTask().Wait();
            return [];
        }
        catch (StartFaultException wrong)
        {
            return wrong.Lines;
        }
    }
}
