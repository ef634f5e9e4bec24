using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebDavServer.Tests.Support;

/// <summary>A self-made certificate for localhost, as files for Kestrel.</summary>
internal static class TestCertificate
{
    private const string Name = "CN=localhost";

    /// <summary>Whether a server shows a certificate made here.</summary>
    public static bool IsOurs(X509Certificate? certificate) => certificate?.Subject == Name;

    /// <summary>Writes <c>cert.pem</c> and <c>key.pem</c> and returns the settings that name them.</summary>
    public static Dictionary<string, string?> WriteTo(TempTree tree)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(Name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        return new()
        {
            ["Kestrel:Certificates:Default:Path"] = tree.AddFile("cert.pem", certificate.ExportCertificatePem()),
            ["Kestrel:Certificates:Default:KeyPath"] = tree.AddFile("key.pem", key.ExportPkcs8PrivateKeyPem()),
        };
    }
}
