using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using WebDavServer.Tests.Hosting.Tls;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Reloading;

/// <summary>The built program finds its settings changed, in every way in which they do.</summary>
public sealed class ReloadProcessTests : IDisposable
{
    private const int Sighup = 1;
    private const string Reloaded = "INF Settings reloaded: ";
    private const string Wrong = "ERR The new settings are wrong and the old ones stay: ";
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task The_settings_file_can_be_written_anew_replaced_and_wrong_for_a_while()
    {
        _tree.AddFile("appsettings.json", Settings("anna"));
        await RunAsync(null, async (process, client) =>
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "anna"));

            _tree.AddFile("appsettings.json", Settings("ben")); // in place
            Assert.Equal("Auth:Users", await ServerProcess.RestAfterAsync(process, Reloaded));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "ben"));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, "anna"));

            Replace("appsettings.json", Settings("carl"));
            Assert.Equal("Auth:Users", await ServerProcess.RestAfterAsync(process, Reloaded));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "carl"));

            Replace("appsettings.json", "{ \"Auth\"");
            Assert.StartsWith(_tree.At("appsettings.json"), await ServerProcess.RestAfterAsync(process, Wrong), StringComparison.Ordinal);
            File.Delete(_tree.At("appsettings.json")); // no other is taken for it
            Assert.StartsWith(_tree.At("appsettings.json"), await ServerProcess.RestAfterAsync(process, Wrong), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "carl"));

            _tree.AddFile("appsettings.json", Settings("dora"));
            Assert.Equal("Auth:Users", await ServerProcess.RestAfterAsync(process, Reloaded));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "dora"));
        });
    }

    [Fact] // Kubernetes: the file is a link into ..data, which is a link to a directory, and that link is replaced
    public async Task A_directory_behind_a_link_can_be_exchanged()
    {
        _tree.AddFile("..1/appsettings.json", Settings("anna"));
        _tree.AddFile("..2/appsettings.json", Settings("ben"));
        Directory.CreateSymbolicLink(_tree.At("..data"), "..1");
        File.CreateSymbolicLink(_tree.At("appsettings.json"), "..data/appsettings.json");
        await RunAsync(null, async (process, client) =>
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "anna"));

            Shell.Run(_tree.Root, "ln -s ..2 ..data_tmp && mv -T ..data_tmp ..data");

            Assert.Equal("Auth:Users", await ServerProcess.RestAfterAsync(process, Reloaded));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "ben"));
        });
    }

    [Fact]
    public async Task A_file_named_by_the_environment_is_read_anew_and_its_value_stays_the_stronger()
    {
        _tree.AddFile("appsettings.json", Settings("anna"));
        Dictionary<string, string> environment = new() { ["Auth__Users__0__Name_FILE"] = _tree.AddFile("secrets/name", "ben\n") };
        await RunAsync(environment, async (process, client) =>
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "ben", "anna"));

            Replace("secrets/name", "carl\n");

            Assert.Equal("Auth:Users", await ServerProcess.RestAfterAsync(process, Reloaded));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "carl", "anna"));
        });
    }

    [Fact]
    public async Task SIGHUP_asks_for_it_and_is_answered_in_any_case()
    {
        _tree.AddFile("appsettings.json", Settings("anna"));
        await RunAsync(null, async (process, client) =>
        {
            ServerProcess.Signal(process, Sighup);
            Assert.Equal("they are those in force", await ServerProcess.RestAfterAsync(process, "INF Settings read anew: "));

            _tree.AddFile("appsettings.json", "{");
            await ServerProcess.RestAfterAsync(process, Wrong);
            ServerProcess.Signal(process, Sighup);
            await ServerProcess.RestAfterAsync(process, Wrong); // again
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "anna"));
        });
    }

    [Fact]
    public async Task Without_any_file_SIGHUP_does_not_end_it_either()
    {
        await RunAsync(null, async (process, client) =>
        {
            ServerProcess.Signal(process, Sighup);
            await ServerProcess.RestAfterAsync(process, "INF Settings read anew: ");
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "anybody"));
        });
    }

    [Fact]
    public async Task A_terminal_that_is_closed_ends_it()
    {
        _tree.AddDirectory("served");
        string program = Path.Combine(AppContext.BaseDirectory, "WebDavServer.dll");
        ProcessStartInfo start = new("script", ["-qec", $"echo its id is $$; exec dotnet '{program}' --root served --urls http://127.0.0.1:0", "/dev/null"])
        {
            WorkingDirectory = _tree.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process terminal = Process.Start(start)!;
        try
        {
            using Process server = Process.GetProcessById(int.Parse(await ServerProcess.RestAfterAsync(terminal, "its id is "), CultureInfo.InvariantCulture));
            await ServerProcess.ListeningOnAsync(terminal);
            ServerProcess.Signal(server, Sighup); // It is still there.
            await ServerProcess.RestAfterAsync(terminal, "Settings read anew: ");

            terminal.Kill();

            await server.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        }
        finally
        {
            terminal.Kill();
        }
    }

    [Fact]
    public async Task A_certificate_and_its_key_can_be_replaced()
    {
        using MadeCertificates first = new();
        using MadeCertificates second = new();
        first.WritePem(_tree);
        _tree.AddDirectory("served");
        using Process process = ServerProcess.Start(
            _tree.Root,
            environment: null,
            ["--root", "served", "--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=cert.pem", "--Kestrel:Certificates:Default:KeyPath=key.pem"]);
        try
        {
            Uri address = new(await ServerProcess.ListeningOnAsync(process));
            Assert.Equal(first.Fingerprint, (await Shown.ByAsync(address)).Fingerprint);

            Replace("cert.pem", second.Pem);
            Replace("key.pem", second.KeyPem());

            Assert.Equal("Kestrel:Certificates", await ServerProcess.RestAfterAsync(process, Reloaded));
            Assert.Equal(second.Fingerprint, (await Shown.ByAsync(address)).Fingerprint);
        }
        finally
        {
            process.Kill();
        }
    }

    private static string Settings(string user)
    {
        Dictionary<string, string?> users = TestUsers.Settings(user);
        return JsonSerializer.Serialize(new
        {
            Auth = new { Users = new[] { new { Name = users["Auth:Users:0:Name"], PasswordHash = users["Auth:Users:0:PasswordHash"] } } },
        });
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string name, string? whosePassword = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Authorization", TestUsers.Basic(name, TestUsers.Password(whosePassword ?? name))["Authorization: ".Length..]);
        using HttpResponseMessage answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Writes a new file and gives it the name of the old one, as editors do.</summary>
    private void Replace(string name, string content) => File.Move(_tree.AddFile(name + ".new", content), _tree.At(name), overwrite: true);

    private async Task RunAsync(IReadOnlyDictionary<string, string>? environment, Func<Process, HttpClient, Task> test)
    {
        _tree.AddDirectory("served");
        using Process process = ServerProcess.Start(_tree.Root, environment, "--root", "served", "--urls", "http://127.0.0.1:0");
        try
        {
            string address = await ServerProcess.ListeningOnAsync(process);
            using HttpClient client = new() { BaseAddress = new Uri(address) };
            await test(process, client);
        }
        finally
        {
            process.Kill();
        }
    }
}
