using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebDavServer.Hosting.Tls;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Tls;

/// <summary>The certificate for a first try of https.</summary>
public sealed class SelfSignedTests
{
    [Fact]
    public void It_is_one_for_this_machine_and_for_a_year()
    {
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using X509Certificate2 made = SelfSignedCertificate.Create(now);

        Assert.All(["localhost", Dns.GetHostName(), "127.0.0.1", "::1"], name => Assert.True(made.MatchesHostname(name), name));
        Assert.Equal(now.AddDays(-1).UtcDateTime, made.NotBefore.ToUniversalTime());
        Assert.Equal(now.AddYears(1).UtcDateTime, made.NotAfter.ToUniversalTime());
        using ECDsa key = made.GetECDsaPrivateKey()!;
        Assert.Equal(256, key.KeySize);
    }

    [Fact]
    public async Task It_is_shown_and_its_fingerprint_is_in_the_log_and_health_finds_the_server()
    {
        using TempTree tree = new();
        string url = $"https://127.0.0.1:{FreePort()}";
        using Process process = ServerProcess.Start(tree.Root, environment: null, "--tls-self-signed", "--root", ".", "--urls", url);
        try
        {
            string said = await ServerProcess.RestAfterAsync(process, "Certificate of --tls-self-signed: ");
            Assert.Equal(url, await ServerProcess.ListeningOnAsync(process));

            Shown shown = await Shown.ByAsync(new Uri(url));
            Assert.EndsWith("SHA-256 fingerprint " + string.Join(':', shown.Fingerprint.Chunk(2).Select(pair => new string(pair))), said, StringComparison.Ordinal);
            Assert.Equal(SslApplicationProtocol.Http2, shown.Protocol);
            (int exitCode, _, string[] error) = await ServerProcess.RunAsync(tree.Root, null, "health", "--tls-self-signed", "--root", ".", "--urls", url);
            Assert.Empty(error);
            Assert.Equal(0, exitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task A_certificate_that_the_settings_name_comes_before_it()
    {
        using TempTree tree = new();
        using MadeCertificates certificates = new();
        certificates.WritePem(tree);
        string url = $"https://127.0.0.1:{FreePort()}";
        using Process process = ServerProcess.Start(
            tree.Root,
            environment: null,
            ["--tls-self-signed", "--root", ".", "--urls", url, $"--{ServerCertificates.DefaultKey}:Path=cert.pem", $"--{ServerCertificates.DefaultKey}:KeyPath=key.pem"]);
        try
        {
            Assert.Equal(url, await ServerProcess.ListeningOnAsync(process));

            Assert.Equal(certificates.Fingerprint, (await Shown.ByAsync(new Uri(url))).Fingerprint);
        }
        finally
        {
            process.Kill();
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
