using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;

namespace WebDavServer.Hosting.Tls;

/// <summary>
/// The certificates in force. A new one counts from the next handshake on and ends no connection, as Kestrel's own reload would.
/// Those of a store (<c>Subject</c>) and of <c>Sni</c> are left to Kestrel, which reads them at the start.
/// </summary>
/// <param name="first">The certificates from files, by the sections that name them.</param>
/// <param name="selfSigned">What stands in where the settings name none.</param>
internal sealed class ServerCertificates(IReadOnlyDictionary<string, SslStreamCertificateContext> first, SslStreamCertificateContext? selfSigned)
{
    /// <summary>The section of the certificate for all addresses that have none of their own.</summary>
    public const string DefaultKey = "Kestrel:Certificates:Default";

    private volatile IReadOnlyDictionary<string, SslStreamCertificateContext> _fromFiles = first;

    /// <summary>The certificates from files, by the sections that name them.</summary>
    public IReadOnlyDictionary<string, SslStreamCertificateContext> FromFiles
    {
        get => _fromFiles;
        set => _fromFiles = value;
    }

    /// <summary>What stands in where the settings name none; null if nothing does.</summary>
    public SslStreamCertificateContext? SelfSigned => selfSigned;

    private SslStreamCertificateContext? Default => FromFiles.GetValueOrDefault(DefaultKey) ?? SelfSigned;

    /// <summary>Lets every handshake of the server ask here.</summary>
    public void UseFor(KestrelServerOptions options, KestrelConfigurationLoader loader)
    {
        options.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificate = Default?.TargetCertificate; // so that Kestrel does not look for one elsewhere
            https.OnAuthenticate = (_, handshake) => Choose(handshake, Default);
        });
        foreach (IConfigurationSection endpoint in loader.Configuration.GetSection("Endpoints").GetChildren())
        {
            IConfigurationSection own = endpoint.GetSection("Certificate");
            bool isKestrels = endpoint.GetSection("Sni").GetChildren().Any() || !string.IsNullOrEmpty(own["Subject"]);
            loader.Endpoint(endpoint.Key, listening => listening.HttpsOptions.OnAuthenticate = isKestrels
                ? null
                : (_, handshake) => Choose(handshake, FromFiles.GetValueOrDefault(own.Path) ?? Default));
        }
    }

    private static void Choose(SslServerAuthenticationOptions handshake, SslStreamCertificateContext? certificate) =>
        handshake.ServerCertificateContext = certificate ?? handshake.ServerCertificateContext;
}
