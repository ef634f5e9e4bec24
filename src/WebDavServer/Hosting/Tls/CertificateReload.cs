using System.Net.Security;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Hosting.Tls;

/// <summary>Takes new certificates while the server runs.</summary>
internal sealed class CertificateReload(ServerCertificates certificates, CertificateLog log) : IReloadable
{
    private static readonly string[] s_keys =
    [
        .. from section in new[] { ServerCertificates.DefaultKey, "Kestrel:Endpoints:*:Certificate" }
           from key in new[] { "Path", "KeyPath", "Password" }
           select $"{section}:{key}",
    ];

    /// <inheritdoc/>
    public bool Takes(string key) => s_keys.Any(pattern => KnownSettings.IsAt(key, pattern));

    /// <inheritdoc/>
    public Action Read(ServerSettings settings, List<string> faults)
    {
        IReadOnlyDictionary<string, SslStreamCertificateContext> next = CertificateFiles.Read(settings.Configuration, faults);
        return () =>
        {
            certificates.FromFiles = next;
            log.Write();
        };
    }
}
