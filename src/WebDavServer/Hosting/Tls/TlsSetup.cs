using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Hosting.Tls;

/// <summary>Puts the certificates of the settings into the server.</summary>
internal static class TlsSetup
{
    /// <summary>Registers what has to do with them; what is wrong with one is added to <paramref name="faults"/>.</summary>
    public static ServerCertificates AddTls(this IServiceCollection services, ServerSettings settings, List<string> faults)
    {
        ServerCertificates certificates = new(
            CertificateFiles.Read(settings.Configuration, faults),
            settings.TlsSelfSigned ? SslStreamCertificateContext.Create(SelfSignedCertificate.Create(TimeProvider.System.GetUtcNow()), null) : null);
        services.AddSingleton(certificates).AddSingleton<CertificateLog>().AddSingleton<IReloadable, CertificateReload>();
        return certificates;
    }
}
