using Microsoft.Extensions.Configuration;
using WebDavServer.Hosting;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

public sealed class SecretFilesTests : IDisposable
{
    private readonly TempTree _tree = new();
    private readonly List<string> _faults = [];

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("WebDav:PathBase_FILE", "WebDav:PathBase")]
    [InlineData("Kestrel:Certificates:Default:Password_FILE", "Kestrel:Certificates:Default:Password")]
    [InlineData("Serilog:WriteTo:0:Args:path_FILE", "Serilog:WriteTo:0:Args:path")]
    [InlineData("Urls_FILE", "Urls")]
    [InlineData("urls_file", "urls")]
    [InlineData("Auth:NotThere_FILE", "Auth:NotThere")] // read all the same, so that the fault is that it is unknown
    public void A_setting_can_be_in_a_file(string variable, string key)
    {
        Assert.Equal([new(key, "secret")], Read(new() { [variable] = _tree.AddFile("file", "secret\n") }));
        Assert.Empty(_faults);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\n", "a")]
    [InlineData("a\n\n", "a\n")]
    [InlineData(" a b ", " a b ")]
    [InlineData("\n", "")]
    [InlineData("", "")]
    public void One_line_end_is_no_part_of_it(string content, string value) =>
        Assert.Equal([new("Urls", value)], Read(new() { ["Urls_FILE"] = _tree.AddFile("file", content) }));

    [Theory]
    [InlineData("SSL_CERT_FILE")]
    [InlineData("_FILE")]
    [InlineData("Logging:X_FILE")]
    [InlineData("WebDav_FILE")]
    [InlineData("WebDav:PathBase_FILES")]
    public void Other_variables_stay_what_they_are(string variable) =>
        Assert.Equal([new(variable, "/none")], Read(new() { [variable] = "/none" }));

    [Fact]
    public void A_file_that_cannot_be_read_is_a_fault_that_names_its_variable()
    {
        Assert.Empty(Read(new() { ["Urls_FILE"] = _tree.At("none"), ["WebDav:PathBase_FILE"] = _tree.Root }));

        Assert.Equal(2, _faults.Count);
        Assert.Contains(_faults, fault => fault.StartsWith("Urls_FILE: ", StringComparison.Ordinal) && fault.Contains(_tree.At("none"), StringComparison.Ordinal));
        Assert.Contains(_faults, fault => fault.StartsWith("WebDav:PathBase_FILE: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_setting_that_is_given_in_both_ways_is_a_fault()
    {
        Read(new() { ["WebDav:PathBase"] = "/a", ["WebDav:PathBase_FILE"] = _tree.AddFile("file", "/a") });

        Assert.Equal(["WebDav:PathBase_FILE: WebDav:PathBase is set too; only one of them can be"], _faults);
    }

    [Fact]
    public void An_empty_variable_is_none()
    {
        Assert.Equal([new("WebDav:PathBase", "/a")], Read(new() { ["WebDav:PathBase"] = "/a", ["WebDav:PathBase_FILE"] = "" }));
        Assert.Equal([new("Urls", "secret")], Read(new() { ["Urls"] = "", ["Urls_FILE"] = _tree.AddFile("file", "secret") }));
        Assert.Empty(_faults);
    }

    private Dictionary<string, string?> Read(Dictionary<string, string?> environment) =>
        SecretFiles.Read(new ConfigurationBuilder().AddInMemoryCollection(environment).Build(), _faults);
}
