using System.Net.Security;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Hosting.Tls;

/// <summary>Puts the certificates of the settings into the server.</summary>
internal static class TlsSetup
{
    /// <summary>Sets up https where it is used; what is wrong with a certificate is added to <paramref name="faults"/>.</summary>
    public static void AddTls(this WebApplicationBuilder builder, ServerSettings settings, List<string> faults)
    {
        if (settings.HasTls) // Else none of it is even loaded: it is megabytes.
        {
            Add(builder, settings, faults);
        }
    }

    /// <summary>Says which certificates are in force, so that they can be compared with what a client shows.</summary>
    public static void LogCertificates(this WebApplication app) => app.Services.GetService<CertificateLog>()?.Write();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(WebApplicationBuilder builder, ServerSettings settings, List<string> faults)
    {
        ServerCertificates certificates = new(
            CertificateFiles.Read(settings.Configuration, faults),
            settings.TlsSelfSigned ? SslStreamCertificateContext.Create(SelfSignedCertificate.Create(TimeProvider.System.GetUtcNow()), null) : null);
        builder.Services.AddSingleton(certificates).AddSingleton<CertificateLog>().AddSingleton<IReloadable, CertificateReload>();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => certificates.UseFor(options, options.ConfigurationLoader!));
    }
}
