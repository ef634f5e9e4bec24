using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using WebDavServer.Hosting.Tls;

namespace WebDavServer.Hosting;

/// <summary>Where the server will listen.</summary>
internal sealed class ListeningAddresses
{
    private readonly List<(string Key, string Text, BindingAddress Parsed)> _addresses = [];
    private readonly List<string> _faults = [];
    private readonly bool _needsCertificate;

    /// <summary>Reads <c>Kestrel:Endpoints</c>, or else <c>Urls</c>.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="selfSigned">Whether there is a certificate for addresses that have none.</param>
    public ListeningAddresses(IConfiguration configuration, bool selfSigned = false)
    {
        IConfigurationSection[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren()];
        NamesEndpoints = endpoints.Length > 0;
        IConfigurationSection certificate = configuration.GetSection(ServerCertificates.DefaultKey);
        _needsCertificate = !selfSigned && string.IsNullOrEmpty(certificate["Path"]) && string.IsNullOrEmpty(certificate["Subject"]);
        foreach (IConfigurationSection endpoint in endpoints)
        {
            Add($"{endpoint.Path}:Url", endpoint["Url"] ?? "", endpoint.GetSection("Certificate").GetChildren().Concat(endpoint.GetSection("Sni").GetChildren()).Any());
        }

        if (!NamesEndpoints)
        {
            Urls = (configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (Urls.Count == 0)
            {
                _faults.Add("Urls: names no address to listen on, such as http://localhost:8080");
            }

            foreach (string url in Urls)
            {
                Add("Urls", url, hasCertificate: false);
            }
        }
    }

    /// <summary>Whether <c>Kestrel:Endpoints</c> says where, so that <c>Urls</c> does not count.</summary>
    public bool NamesEndpoints { get; }

    /// <summary>The addresses of <c>Urls</c>.</summary>
    public IReadOnlyList<string> Urls { get; } = [];

    /// <summary>One line for each address that cannot be used.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The addresses that other machines can reach.</summary>
    public IEnumerable<string> BeyondLoopback => from address in _addresses where !IsLoopback(address.Parsed) select address.Text;

    /// <summary>All of them, as the settings have them.</summary>
    public IEnumerable<BindingAddress> All => from address in _addresses select address.Parsed;

    /// <summary>Those among them that have no TLS.</summary>
    public IEnumerable<string> ClearTextBeyondLoopback =>
        from address in _addresses where !IsLoopback(address.Parsed) && !IsHttps(address.Parsed) select address.Text;

    /// <summary>Whether one of them is for https.</summary>
    public bool HasHttps => _addresses.Exists(address => IsHttps(address.Parsed));

    /// <summary>Whether an endpoint is certain to be one without TLS: no address with its port, or its socket, is for https.</summary>
    public bool AreClearText(EndPoint endpoint)
    {
        bool[] https = [.. from address in _addresses where IsAt(address.Parsed, endpoint) select IsHttps(address.Parsed)];
        return https.Length > 0 && !https.Contains(true);
    }

    private void Add(string key, string text, bool hasCertificate)
    {
        try
        {
            BindingAddress parsed = BindingAddress.Parse(text);
            bool https = IsHttps(parsed);
            if (!https && !parsed.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
            {
                throw new FormatException();
            }

            if (parsed.PathBase.Length > 0)
            {
                _faults.Add($"{key}: \"{LogText.Safe(text)}\" has a path; a URL prefix is set by WebDav:PathBase");
            }

            if (https && _needsCertificate && !hasCertificate)
            {
                _faults.Add($"{ServerCertificates.DefaultKey}:Path: must name a certificate for {LogText.Safe(text)}; for a first try, --tls-self-signed makes one");
            }

            _addresses.Add((key, LogText.Safe(text), parsed));
        }
        catch (FormatException)
        {
            _faults.Add($"{key}: \"{LogText.Safe(text)}\" is not an address such as http://localhost:8080 or https://0.0.0.0:8443");
        }
    }

    private static bool IsHttps(BindingAddress address) => address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);

    private static bool IsAt(BindingAddress address, EndPoint endpoint) => endpoint switch
    {
        IPEndPoint ip => !address.IsUnixPipe && address.Port == ip.Port,
        UnixDomainSocketEndPoint socket => address.IsUnixPipe && address.UnixPipePath == socket.ToString(),
        _ => false,
    };

    /// <summary>A name other than localhost listens on every interface, so it is not on loopback whatever it resolves to.</summary>
    private static bool IsLoopback(BindingAddress address) =>
        address.IsUnixPipe
        || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
