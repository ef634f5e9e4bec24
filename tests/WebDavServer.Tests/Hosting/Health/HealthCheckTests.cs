using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebDavServer.Hosting.Health;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Health;

public sealed class HealthCheckTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public HealthCheckTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("localhost", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("[::]", false)]
    [InlineData("*", false)]
    [InlineData("+", true)]
    [InlineData("files.example.org", true)] // Kestrel listens on every interface for it
    [InlineData("127.0.0.1", true)]
    public async Task A_server_is_asked_over_loopback_whatever_its_certificate(string host, bool https)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(https: https);

        Assert.Null(await HealthCheck.AskAsync(BindingAddress.Parse($"{server.Address.Scheme}://{host}:{server.Address.Port}")));
    }

    [Fact]
    public async Task A_URL_prefix_makes_no_difference()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:PathBase"] = "/dav" });

        Assert.Null(await HealthCheck.AskAsync(BindingAddress.Parse(server.Address.ToString())));
    }

    [Fact]
    public async Task A_server_on_a_socket_in_the_file_system_is_asked_there()
    {
        using TempTree directory = new();
        string socket = directory.At("webdav.sock");
        using Socket taken = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        taken.Bind(new UnixDomainSocketEndPoint(socket));
        taken.Listen();
        Task answered = AnswerAsync(taken.AcceptAsync(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        Assert.Null(await HealthCheck.AskAsync(BindingAddress.Parse($"http://unix:{socket}")));
        await answered;
    }

    [Fact]
    public async Task A_server_that_says_no_is_not_well()
    {
        Task answered = AnswerAsync(_listener.AcceptSocketAsync(), "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");

        Assert.EndsWith("answered 503", await HealthCheck.AskAsync(BindingAddress.Parse($"http://127.0.0.1:{Port}")), StringComparison.Ordinal);
        await answered;
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_for_long() =>
        Assert.EndsWith(
            "did not answer within 5 seconds", await HealthCheck.AskAsync(BindingAddress.Parse($"http://127.0.0.1:{Port}")), StringComparison.Ordinal);

    [Fact]
    public async Task Where_nobody_listens_nobody_is_well()
    {
        using TempTree directory = new();
        int port = Port;
        _listener.Stop();

        (int exitCode, string[] output, string[] error) =
            await ServerProcess.RunAsync(directory.Root, environment: null, "health", "--root", directory.Root, "--urls", $"http://127.0.0.1:{port}");

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Equal([$"health: http://127.0.0.1:{port}: Connection refused"], error);
    }

    [Theory]
    [InlineData("health: http://127.0.0.1:0 leaves the port", "--urls", "http://127.0.0.1:0")]
    [InlineData("health: Urls: names no address", "--urls", ";")]
    [InlineData("health: --rooot: no such option", "--rooot", "x")]
    public async Task Settings_that_do_not_say_where_are_not_well_either(string said, params string[] options)
    {
        using TempTree directory = new();

        (int exitCode, _, string[] error) = await ServerProcess.RunAsync(directory.Root, environment: null, ["health", .. options]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(said, Assert.Single(error), StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(Task<Socket> accepted, string answer)
    {
        using Socket connection = await accepted;
        byte[] request = new byte[4096];
        Assert.NotEqual(0, await connection.ReceiveAsync(request));
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
    }
}
