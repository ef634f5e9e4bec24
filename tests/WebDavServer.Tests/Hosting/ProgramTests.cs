using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

/// <summary>The built program, run as a process.</summary>
public sealed class ProgramTests : IDisposable
{
    private const int Sigterm = 15;
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("--help", "Usage: WebDavServer")]
    [InlineData("--version", "WebDavServer ")]
    public async Task Questions_are_answered_on_stdout(string option, string answer)
    {
        (int exitCode, string[] output, string[] error) = await RunAsync(option);

        Assert.Equal(0, exitCode);
        Assert.Contains(output, line => line.StartsWith(answer, StringComparison.Ordinal));
        Assert.Empty(error);
    }

    [Fact]
    public async Task Wrong_options_and_settings_end_with_2_and_one_line_each()
    {
        (int exitCode, string[] output, string[] error) = await RunAsync(
            new Dictionary<string, string> { ["Locks__Foo"] = "1" }, "--root", ".", "--rooot=x", "stray", "--WebDav:Bar", "1", "--urls=nowhere");

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Equal(["--rooot", "Locks:Foo", "Urls", "WebDav:Bar", "stray"], error.Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_environment_can_name_files_that_hold_the_settings()
    {
        Dictionary<string, string> environment = new()
        {
            ["Auth__Anonymous_FILE"] = _tree.AddFile("anonymous", "Sometimes\n"),
            ["WebDav__PathBase_FILE"] = _tree.At("none"),
        };

        (int exitCode, _, string[] error) = await RunAsync(environment, "--root", ".", "--urls", "http://127.0.0.1:0");

        Assert.Equal(2, exitCode);
        Assert.Equal(2, error.Length);
        Assert.StartsWith("WebDav:PathBase_FILE: ", error[0], StringComparison.Ordinal);
        Assert.StartsWith("Auth:Anonymous: 'Sometimes' is none of", error[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settings_file_that_is_no_json_ends_with_2()
    {
        _tree.AddFile("appsettings.json", "{ nonsense");

        (int exitCode, _, string[] error) = await RunAsync();

        Assert.Equal(2, exitCode);
        Assert.StartsWith(_tree.At("appsettings.json"), Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_root_ends_with_1()
    {
        (int exitCode, _, string[] error) = await RunAsync("--root", "none", "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, exitCode);
        Assert.Equal([$"WebDav:Root: no such directory: {_tree.At("none")}"], error);
    }

    [Fact]
    public async Task A_port_in_use_ends_with_1()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        (int exitCode, string[] output, string[] error) = await RunAsync("--root", ".", "--urls", url);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Urls: Failed to bind to address {url}", Assert.Single(error), StringComparison.Ordinal);
        Assert.DoesNotContain(output, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Paths_of_the_settings_file_are_relative_to_it_and_SIGTERM_ends_with_0()
    {
        _tree.AddDirectory("served");
        _tree.AddFile("appsettings.json", """{ "Urls": "http://127.0.0.1:0", "WebDav": { "Root": "served" } }""");
        using Process process = ServerProcess.Start(_tree.Root, environment: null);
        try
        {
            string address = await ServerProcess.ListeningOnAsync(process);
            using HttpClient client = new();
            Assert.Equal("""{"status":"ok","checks":{"root":"ok","database":"ok","space":"ok"}}""", await client.GetStringAsync(new Uri(address + "/.webdav/health")));

            ServerProcess.Signal(process, Sigterm);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private Task<(int ExitCode, string[] Out, string[] Error)> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    private Task<(int ExitCode, string[] Out, string[] Error)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        ServerProcess.RunAsync(_tree.Root, environment, arguments);
}
