using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Tls;

/// <summary>A certificate, its key, and the authority between it and a root that nobody has.</summary>
internal sealed class MadeCertificates : IDisposable
{
    private readonly X509Certificate2 _root = Make("CN=root", null);
    private readonly X509Certificate2 _authority;

    public MadeCertificates()
    {
        _authority = Make("CN=authority", _root);
        Leaf = Make("CN=localhost", _authority);
    }

    /// <summary>The certificate, with its key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>Its SHA-256.</summary>
    public string Fingerprint => Leaf.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>It and the authority's, as PEM.</summary>
    public string Pem => Leaf.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem() + "\n";

    /// <summary>Its key as PEM, encrypted if there is a password.</summary>
    public string KeyPem(string? password = null)
    {
        using ECDsa key = Leaf.GetECDsaPrivateKey()!;
        return password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    }

    /// <summary>Writes it, the authority's and the key as one PFX file.</summary>
    public void WritePfx(TempTree tree, string name, string password) =>
        File.WriteAllBytes(tree.At(name), new X509Certificate2Collection(new[] { X509CertificateLoader.LoadCertificate(_authority.RawData), Leaf }).Export(X509ContentType.Pfx, password)!);

    /// <summary>Writes <c>cert.pem</c> and <c>key.pem</c>, or files of another name.</summary>
    public void WritePem(TempTree tree, string prefix = "", string? password = null)
    {
        tree.AddFile($"{prefix}cert.pem", Pem);
        tree.AddFile($"{prefix}key.pem", KeyPem(password));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leaf.Dispose();
        _authority.Dispose();
        _root.Dispose();
    }

    private static X509Certificate2 Make(string name, X509Certificate2? issuer)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(name != "CN=localhost", false, 0, critical: true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (issuer is null)
        {
            return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(3));
        }

        using X509Certificate2 signed = request.Create(issuer, now.AddDays(-1), new DateTimeOffset(issuer.NotAfter), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
