using System.Net.Security;
using Microsoft.Extensions.Logging;
using WebDavServer.Hosting;
using WebDavServer.Hosting.Reloading;
using WebDavServer.Hosting.Tls;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Tls;

/// <summary>Certificates from PEM and PFX files, and new ones while the server runs.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Default = ServerCertificates.DefaultKey;
    private readonly TempTree _tree = new();
    private readonly MadeCertificates _first = new();
    private readonly MadeCertificates _second = new();

    public void Dispose()
    {
        _tree.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Theory]
    [InlineData("pem", null)]
    [InlineData("pem", "the secret")]
    [InlineData("pfx", "the secret")]
    public async Task A_certificate_goes_out_with_its_chain_and_HTTP_2_is_agreed_on(string form, string? password)
    {
        await using ServerFixture server = await StartAsync(form, password);

        Shown shown = await Shown.ByAsync(server.Address);

        Assert.Equal(_first.Fingerprint, shown.Fingerprint);
        Assert.Equal(["CN=localhost", "CN=authority"], shown.Names);
        Assert.Equal(SslApplicationProtocol.Http2, shown.Protocol);
    }

    [Theory]
    [InlineData("pem", null)]
    [InlineData("pem", "the secret")]
    [InlineData("pfx", "the secret")]
    public async Task A_new_certificate_is_shown_in_new_handshakes_and_old_connections_go_on(string form, string? password)
    {
        await using ServerFixture server = await StartAsync(form, password);
        await using RawConnection old = await server.ConnectAsync();
        await old.SendRequestAsync("GET", "/.webdav/health");
        Assert.Equal(200, (await old.ReadAsync()).Status);

        Write(_second, form, password);
        server.Reload();

        Shown shown = await Shown.ByAsync(server.Address);
        Assert.Equal(_second.Fingerprint, shown.Fingerprint);
        Assert.Equal(["CN=localhost", "CN=authority"], shown.Names);
        await old.SendRequestAsync("GET", "/.webdav/health");
        Assert.Equal(200, (await old.ReadAsync()).Status);
        Assert.Equal(["Settings reloaded: Kestrel:Certificates"], Said(server, LogLevel.Information));
        Assert.Contains(server.Log.Lines, line => line.Text.Replace(":", "", StringComparison.Ordinal).EndsWith(_second.Fingerprint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cert.pem", "nonsense")]
    [InlineData("cert.pem", "")]
    [InlineData("key.pem", "nonsense")]
    [InlineData("key.pem", null)] // gone
    [InlineData("key.pem", "another")]
    public async Task A_broken_certificate_is_told_and_the_old_one_stays_until_it_is_right(string file, string? content)
    {
        await using ServerFixture server = await StartAsync("pem", password: null);
        File.Delete(_tree.At(file));
        if (content is not null)
        {
            _tree.AddFile(file, content == "another" ? _second.KeyPem() : content);
        }

        server.Reload();
        server.Reload();
        Assert.Equal(_first.Fingerprint, (await Shown.ByAsync(server.Address)).Fingerprint);
        string said = Assert.Single(Said(server, LogLevel.Error));
        Assert.StartsWith($"The new settings are wrong and the old ones stay: {Default}:", said, StringComparison.Ordinal);

        _second.WritePem(_tree);
        server.Reload();
        Assert.Equal(_second.Fingerprint, (await Shown.ByAsync(server.Address)).Fingerprint);
    }

    [Fact]
    public async Task An_endpoint_has_a_certificate_of_its_own_which_is_read_anew_too_and_may_come_later()
    {
        _first.WritePem(_tree);
        _second.WritePem(_tree, "own-");
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:a:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:a:Certificate:Path"] = _tree.At("own-cert.pem"),
            ["Kestrel:Endpoints:a:Certificate:KeyPath"] = _tree.At("own-key.pem"),
            [$"{Default}:Path"] = _tree.At("cert.pem"),
            [$"{Default}:KeyPath"] = _tree.At("key.pem"),
        });
        Assert.Equal(_second.Fingerprint, (await Shown.ByAsync(server.Address)).Fingerprint);

        using MadeCertificates third = new();
        third.WritePem(_tree, "own-");
        server.Reload();
        Assert.Equal(third.Fingerprint, (await Shown.ByAsync(server.Address)).Fingerprint);
        Assert.Equal(SslApplicationProtocol.Http2, (await Shown.ByAsync(server.Address)).Protocol);

        server.Settings.Remove("Kestrel:Endpoints:a:Certificate:Path");
        server.Settings.Remove("Kestrel:Endpoints:a:Certificate:KeyPath");
        server.Reload();
        Assert.Equal(_first.Fingerprint, (await Shown.ByAsync(server.Address)).Fingerprint);
        Assert.Equal(["Settings reloaded: Kestrel:Endpoints", "Settings reloaded: Kestrel:Endpoints"], Said(server, LogLevel.Information));
        Assert.Empty(Said(server, LogLevel.Warning));
    }

    [Fact]
    public async Task Certificates_by_the_name_that_a_client_asks_for_are_Kestrels()
    {
        _first.WritePem(_tree);
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:a:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:a:Sni:localhost:Certificate:Path"] = _tree.At("cert.pem"),
            ["Kestrel:Endpoints:a:Sni:localhost:Certificate:KeyPath"] = _tree.At("key.pem"),
        });
        Assert.Equal(_first.Fingerprint, (await Shown.ByAsync(server.Address)).Fingerprint);

        _second.WritePem(_tree);
        server.Reload();

        Assert.Equal(_first.Fingerprint, (await Shown.ByAsync(server.Address)).Fingerprint);
        Assert.Equal(["Settings changed that take effect at the next start: Kestrel:Endpoints"], Said(server, LogLevel.Warning));
    }

    [Theory]
    [InlineData("none.pem", "key.pem", null, $"{Default}:Path: no such file")]
    [InlineData("cert.pem", "none.pem", null, $"{Default}:KeyPath: no such file")]
    [InlineData("cert.pem", null, null, $"{Default}:Path: CERT: KeyPath must name the file with the key")]
    [InlineData("key.pem", "key.pem", null, $"{Default}:Path: CERT: ")]
    [InlineData("cert.pem", "secret-key.pem", null, $"{Default}:Path: CERT: ")]
    [InlineData("cert.pem", "secret-key.pem", "wrong", $"{Default}:Path: CERT: ")]
    [InlineData("file.pfx", null, "wrong", $"{Default}:Path: CERT: ")]
    [InlineData("no.pfx", null, null, $"{Default}:Path: CERT: ")]
    public void A_certificate_that_cannot_be_read_stops_the_start(string path, string? keyPath, string? password, string fault)
    {
        _first.WritePem(_tree);
        _first.WritePem(_tree, "secret-", "the secret");
        _first.WritePfx(_tree, "file.pfx", "the secret");
        _tree.AddFile("no.pfx", "nonsense");
        Dictionary<string, string?> settings = new()
        {
            ["Urls"] = "https://127.0.0.1:0",
            ["WebDav:Root"] = _tree.Root,
            [$"{Default}:Path"] = _tree.At(path),
            [$"{Default}:KeyPath"] = keyPath is null ? null : _tree.At(keyPath),
            [$"{Default}:Password"] = password,
        };

        StartFaultException stopped = Assert.Throws<StartFaultException>(() => ServerApplication.Build(ServerSettings.Of(settings)));

        Assert.StartsWith(fault.Replace("CERT", _tree.At(path), StringComparison.Ordinal), Assert.Single(stopped.Lines), StringComparison.Ordinal);
    }

    private Task<ServerFixture> StartAsync(string form, string? password)
    {
        Write(_first, form, password);
        return ServerFixture.StartAsync(
            new Dictionary<string, string?>
            {
                [$"{Default}:Path"] = _tree.At(form == "pem" ? "cert.pem" : "file.pfx"),
                [$"{Default}:KeyPath"] = form == "pem" ? _tree.At("key.pem") : null,
                [$"{Default}:Password"] = password,
            },
            https: true);
    }

    private void Write(MadeCertificates certificates, string form, string? password)
    {
        if (form == "pem")
        {
            certificates.WritePem(_tree, password: password);
        }
        else
        {
            certificates.WritePfx(_tree, "file.pfx", password!);
        }
    }

    private static string[] Said(ServerFixture server, LogLevel level) =>
        [.. server.Log.Lines.Where(line => line.Category == typeof(Reload).FullName && line.Level == level).Select(line => line.Text)];
}
