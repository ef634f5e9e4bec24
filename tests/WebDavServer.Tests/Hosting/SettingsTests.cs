using WebDavServer.Hosting;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

public sealed class SettingsTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("WebDav:Rooot", "x")]
    [InlineData("WebDav:Root:Extra", "x")]
    [InlineData("KeepAlive:Intervall", "00:00:01")]
    [InlineData("KeepAlive:Clients:0:Patern", "x")]
    [InlineData("KeepAlive:Clients:Pattern", "x")]
    [InlineData("Locks:DefaultTimeOut2", "x")]
    [InlineData("Auth:Anonymus", "ReadOnly")]
    [InlineData("Operations:Nothing", "x")]
    public void An_unknown_key_is_a_fault_that_names_it(string key, string value) =>
        Assert.StartsWith($"{key}: there is no such setting", Assert.Single(FaultsOf(new() { [key] = value })), StringComparison.Ordinal);

    [Theory]
    [InlineData("webdav:READONLY", "true")]
    [InlineData("KeepAlive:Clients", "")]
    [InlineData("Auth:Anonymous", "readonly")]
    [InlineData("Kestrel:Limits:Anything", "1")]
    public void A_known_key_is_none(string key, string value) => Assert.Empty(FaultsOf(new() { [key] = value }));

    [Theory]
    [InlineData("Clients:0:Pattern", " ")]
    [InlineData("Clients:0:Pattern", "$")]
    [InlineData("Clients:0:Pattern", " curl/")]
    [InlineData("Clients:0:Allowed", "yes")]
    [InlineData("Clients:0:Maximum", "many")]
    [InlineData("Clients:0:Maximum", "-1")]
    [InlineData("Clients:0:First", "10")]
    [InlineData("Clients:0:Interval", "00:00:00")]
    [InlineData("Clients:0:Growth", "0.5")]
    [InlineData("Clients:0:Growth", "1,5")]
    [InlineData("Clients:0:Growth", "1e9")]
    [InlineData("Clients:0:Growth", "NaN")]
    [InlineData("Clients:0:ReadsToEnd", "1")]
    [InlineData("Clients:1:Maximum", "3", "Clients:1:Pattern")] // without a pattern
    [InlineData("Clients:1:Maximum", "x", "Clients:1:Maximum", "Clients:1:Pattern")]
    [InlineData("Clients:0:Bare", "true")]
    [InlineData("Proxies:0:Address", "squid.example.org")]
    [InlineData("Proxies:0:Address", "10.0.0.1/33")]
    [InlineData("Proxies:0:Address", "10.1")]
    [InlineData("Proxies:0:Address", "1")]
    [InlineData("Proxies:0:Maximum", "many")]
    [InlineData("Proxies:0:Growth", "0")]
    [InlineData("Proxies:0:Bare", "perhaps")]
    [InlineData("Proxies:0:ReadsToEnd", "true")]
    [InlineData("Proxies:3:Bare", "true", "Proxies:3:Address")]
    public void A_wrong_entry_of_a_keep_alive_list_is_a_fault_that_names_its_key(string key, string value, params string[] named)
    {
        Dictionary<string, string?> settings = new()
        {
            ["KeepAlive:Clients:0:Pattern"] = "x/", ["KeepAlive:Proxies:0:Address"] = "::1", [$"KeepAlive:{key}"] = value,
        };
        string[] keys = named.Length == 0 ? [key] : named;

        Assert.Equal(
            keys.Select(name => $"KeepAlive:{name}"),
            FaultsOf(settings).Select(fault => fault[..fault.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("10.0.0.0/8")]
    [InlineData("10.0.0.1/8")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("2001:db8::/32")]
    [InlineData("0.0.0.0/0")]
    public void An_address_or_network_of_a_proxy_is_none(string address) => Assert.Empty(FaultsOf(new()
    {
        ["KeepAlive:Proxies:0:Address"] = address,
        ["KeepAlive:Proxies:0:Maximum"] = "8",
        ["KeepAlive:Clients:0:Pattern"] = "mine/",
        ["KeepAlive:Clients:0:Growth"] = "1.5",
        ["KeepAlive:Clients:0:First"] = "00:00:05",
    }));

    [Theory]
    [InlineData("HostNames", "https://files.example.org")]
    [InlineData("HostNames", "files.example.org:port")]
    [InlineData("HostNames", "files.example.org/dav")]
    [InlineData("TrustedProxies", "loopback")]
    [InlineData("TrustedProxies", "10.0.0.1/33")]
    [InlineData("TrustedProxies", "10.1")]
    [InlineData("CorsOrigins", "app.example.org")]
    [InlineData("CorsOrigins", "https://app.example.org/")]
    [InlineData("CorsOrigins", "https://app.example.org:443")]
    [InlineData("CorsOrigins", "https://user@app.example.org")]
    [InlineData("CorsOrigins", "https://*.example.org")]
    [InlineData("CorsOrigins", "file:///")]
    [InlineData("CorsOrigins", "null")]
    [InlineData("CorsOrigins", "*")] // beside another
    public void A_wrong_entry_about_proxies_and_pages_is_a_fault_that_names_its_key(string list, string value)
    {
        Dictionary<string, string?> settings = new() { ["WebDav:CorsOrigins:1"] = "https://other.example.org", [$"WebDav:{list}:0"] = value };

        Assert.StartsWith($"WebDav:{list}:0: ", Assert.Single(FaultsOf(settings)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HostNames", "files.example.org:8443")]
    [InlineData("HostNames", "[2001:db8::1]")]
    [InlineData("TrustedProxies", "172.16.0.0/12")]
    [InlineData("TrustedProxies", "unix")]
    [InlineData("CorsOrigins", "app://obsidian.md")]
    [InlineData("CorsOrigins", "*")]
    public void A_right_one_is_none(string list, string value) => Assert.Empty(FaultsOf(new() { [$"WebDav:{list}:0"] = value }));

    [Theory]
    [InlineData("http://0.0.0.0:8080", "Auth:Anonymous: must be")]
    [InlineData("http://*:8080", "Auth:Anonymous: must be")]
    [InlineData("http://example.org:8080", "Auth:Anonymous: must be")]
    [InlineData("http://localhost:1;http://[::]:2", "Auth:Anonymous: must be")]
    [InlineData("localhost:8080", "Urls: \"localhost:8080\" is not an address")]
    [InlineData("ftp://localhost", "Urls: \"ftp://localhost\" is not an address")]
    [InlineData("http://localhost:8080/dav", "Urls: \"http://localhost:8080/dav\" has a path")]
    [InlineData(";", "Urls: names no address")]
    [InlineData("https://localhost:8443", "Kestrel:Certificates:Default:Path: must name a certificate")]
    public void An_address_that_cannot_be_used_is_a_fault(string urls, string fault) =>
        Assert.StartsWith(fault, Assert.Single(FaultsOf(new() { ["Urls"] = urls })), StringComparison.Ordinal);

    [Fact]
    public void Who_has_no_certificate_is_told_of_the_one_for_a_first_try() => Assert.EndsWith(
        "https://localhost:8443; for a first try, --tls-self-signed makes one",
        Assert.Single(FaultsOf(new() { ["Urls"] = "https://localhost:8443" })),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Serilog:MinimumLevel", "Loud", "Serilog:MinimumLevel: 'Loud' is none of Verbose, Debug")]
    [InlineData("Serilog:MinimumLevel:Default", "Loud", "Serilog:MinimumLevel:Default: 'Loud' is none of")]
    [InlineData("Serilog:MinimumLevel:Override:Microsoft", "Loud", "Serilog:MinimumLevel:Override:Microsoft: 'Loud' is none of")]
    [InlineData("Serilog:MinimumLevel:ControlledBy", "$x", "Serilog:MinimumLevel:ControlledBy: there is no such setting")]
    [InlineData("Serilog:MinimumLevel:Override:a*b*", "Debug", "Serilog:MinimumLevel:Override:a*b*: is no beginning of a source's name")]
    public void A_wrong_log_level_is_a_fault(string key, string value, string fault) =>
        Assert.StartsWith(fault, Assert.Single(FaultsOf(new() { [key] = value })), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.2:1")]
    [InlineData("http://[::1]:1")]
    [InlineData("http://localhost:1")]
    [InlineData("http://unix:/run/webdav.sock")]
    public void Loopback_needs_no_word_about_the_anonymous(string url) => Assert.Empty(FaultsOf(new() { ["Urls"] = url }));

    [Theory]
    [InlineData("None", "Auth:Anonymous: None leaves nobody")]
    [InlineData("Everything", "Auth:Anonymous: 'Everything' is none of None, ReadOnly, ReadWrite")]
    [InlineData("2", "Auth:Anonymous: '2' is none of")]
    public void Anonymous_access_is_one_of_three_words(string word, string fault) =>
        Assert.StartsWith(fault, Assert.Single(FaultsOf(new() { ["Auth:Anonymous"] = word })), StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_said_at_once()
    {
        IReadOnlyList<string> faults = FaultsOf(
            new() { ["WebDav:A"] = "1", ["Locks:B"] = "2", ["Urls"] = "http://0.0.0.0:1;x", ["Serilog:WriteTo:0:Name"] = "Nowhere" });

        Assert.Equal(["Locks:B", "WebDav:A", "Urls", "Auth:Anonymous", "Serilog"], faults.Select(fault => fault[..fault.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_missing_root_is_no_wrong_setting()
    {
        StartFaultException fault = Assert.Throws<StartFaultException>(() => Build(new() { ["WebDav:Root"] = _tree.At("none") }));

        Assert.Equal(StartFaultException.CannotStart, fault.ExitCode);
        Assert.Equal([$"WebDav:Root: no such directory: {_tree.At("none")}"], fault.Lines);
    }

    [Fact]
    public void The_nearest_settings_file_is_the_current_directorys_then_the_programs_then_upwards_from_there()
    {
        string above = _tree.AddFile("clone/appsettings.json", "{}");
        _tree.AddDirectory("elsewhere");
        string program = _tree.AddDirectory("clone/bin/net");
        Assert.Equal(above, SettingsFile.Nearest(_tree.At("elsewhere"), program));

        string beside = _tree.AddFile("clone/bin/net/appsettings.json", "{}");
        Assert.Equal(beside, SettingsFile.Nearest(_tree.At("elsewhere"), program));

        string current = _tree.AddFile("elsewhere/appsettings.json", "{}");
        Assert.Equal(current, SettingsFile.Nearest(_tree.At("elsewhere"), program));
    }

    [Fact]
    public void There_may_be_no_settings_file() => Assert.Null(SettingsFile.Nearest(_tree.Root, _tree.AddDirectory("program")));

    /// <summary>The lines with which a server of these settings refuses to be built; none if it can be.</summary>
    private IReadOnlyList<string> FaultsOf(Dictionary<string, string?> settings)
    {
        settings.TryAdd("WebDav:Root", _tree.Root);
        try
        {
            Build(settings);
            return [];
        }
        catch (StartFaultException fault)
        {
            Assert.Equal(StartFaultException.WrongSettings, fault.ExitCode);
            return fault.Lines;
        }
    }

    private static void Build(Dictionary<string, string?> settings) =>
        ServerApplication.Build(ServerSettings.Of(settings)).DisposeAsync().AsTask().GetAwaiter().GetResult();
}
