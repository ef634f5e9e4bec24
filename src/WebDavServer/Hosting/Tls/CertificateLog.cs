using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace WebDavServer.Hosting.Tls;

/// <summary>Says which certificates are in force, so that they can be compared with what a client shows.</summary>
internal sealed partial class CertificateLog(ServerCertificates certificates, ILogger<CertificateLog> logger)
{
    /// <summary>Writes a line for each.</summary>
    public void Write()
    {
        foreach ((string section, SslStreamCertificateContext context) in certificates.FromFiles)
        {
            Write(section, context.TargetCertificate);
        }

        if (certificates.SelfSigned is { } own)
        {
            Write("--tls-self-signed", own.TargetCertificate);
        }
    }

    private void Write(string origin, X509Certificate2 certificate)
    {
        string subject = LogText.Safe(certificate.Subject);
        string end = certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string fingerprint = string.Join(':', certificate.GetCertHash(HashAlgorithmName.SHA256).Select(part => part.ToString("X2", CultureInfo.InvariantCulture)));
        LogCertificate(origin, subject, end, fingerprint);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate of {Origin}: {Subject}, until {End}, SHA-256 fingerprint {Fingerprint}")]
    private partial void LogCertificate(string origin, string subject, string end, string fingerprint);
}
