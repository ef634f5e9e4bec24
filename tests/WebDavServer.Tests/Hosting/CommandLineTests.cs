using WebDavServer.Hosting;

namespace WebDavServer.Tests.Hosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--root /srv", "WebDav:Root", "/srv")]
    [InlineData("--root=/srv", "WebDav:Root", "/srv")]
    [InlineData("--urls http://127.0.0.1:1", "Urls", "http://127.0.0.1:1")]
    [InlineData("--Urls=http://127.0.0.1:1;http://[::1]:1", "Urls", "http://127.0.0.1:1;http://[::1]:1")]
    [InlineData("--KeepAlive:Interval=00:00:01", "KeepAlive:Interval", "00:00:01")]
    [InlineData("--KeepAlive:Interval 00:00:01", "KeepAlive:Interval", "00:00:01")]
    [InlineData("--webdav:pathbase=", "webdav:pathbase", "")]
    [InlineData("--Serilog:WriteTo:0:Args:path=a=b", "Serilog:WriteTo:0:Args:path", "a=b")]
    public void Options_become_settings(string words, string key, string value)
    {
        CommandLine line = CommandLine.Parse(words.Split(' '));

        Assert.Empty(line.Faults);
        Assert.Equal([new(key, value)], line.Settings);
    }

    [Theory]
    [InlineData("--rooot /srv", "--rooot: no such option (see --help)")]
    [InlineData("--Logging:LogLevel=x", "--Logging:LogLevel: no such option (see --help)")]
    [InlineData("--root", "--root: needs a value")]
    [InlineData("--root --urls=http://localhost:1", "--root: needs a value")]
    [InlineData("-v", "-v: a stray word; options begin with -- (see --help)")]
    [InlineData("--", "--: a stray word; options begin with -- (see --help)")]
    [InlineData("a\u001bb", @"a\u{1b}b: a stray word; options begin with -- (see --help)")]
    public void What_is_not_understood_is_a_fault(string words, string fault) =>
        Assert.Equal([fault], CommandLine.Parse(words.Split(' ')).Faults);

    [Theory]
    [InlineData("--tls-self-signed", "Urls=https://localhost:8443")]
    [InlineData("--tls-self-signed --root x", "WebDav:Root=x Urls=https://localhost:8443")]
    [InlineData("--urls https://localhost:1 --tls-self-signed", "Urls=https://localhost:1")]
    [InlineData("--tls-self-signed --Urls=https://localhost:1", "Urls=https://localhost:1")]
    public void A_certificate_of_its_own_making_comes_with_an_address_unless_there_is_one(string words, string settings)
    {
        CommandLine line = CommandLine.Parse(words.Split(' '));

        Assert.Empty(line.Faults);
        Assert.True(line.TlsSelfSigned);
        Assert.Equal(settings.Split(' '), line.Settings.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Fact]
    public void Each_fault_has_its_line() => Assert.Equal(3, CommandLine.Parse(["--a", "x", "stray", "--root"]).Faults.Count);

    [Fact]
    public void Help_names_every_setting()
    {
        string help = CommandLine.Parse(["--help"]).Answer!;

        Assert.All(KnownSettings.All, setting => Assert.Contains($"  {setting.Key} ", help, StringComparison.Ordinal));
    }
}
