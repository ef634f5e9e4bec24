using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace WebDavServer.Hosting.Tls;

/// <summary>Reads the certificates that the settings name as files, by the keys that Kestrel has for them.</summary>
internal static class CertificateFiles
{
    private static readonly string[] s_keys = ["Path", "KeyPath"];

    /// <summary>The certificates of the settings, by section; what is wrong with one is added to <paramref name="faults"/>.</summary>
    public static IReadOnlyDictionary<string, SslStreamCertificateContext> Read(IConfiguration configuration, List<string> faults)
    {
        Dictionary<string, SslStreamCertificateContext> certificates = new(StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection section in Sections(configuration).Where(section => !string.IsNullOrEmpty(section["Path"])))
        {
            if (Read(section, faults) is { } certificate)
            {
                certificates[section.Path] = certificate;
            }
        }

        return certificates;
    }

    private static IEnumerable<IConfigurationSection> Sections(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint.GetSection("Certificate"))
            .Prepend(configuration.GetSection(ServerCertificates.DefaultKey));

    private static SslStreamCertificateContext? Read(IConfigurationSection section, List<string> faults)
    {
        string[] missing = [.. s_keys.Where(key => section[key] is { Length: > 0 } file && !File.Exists(file))];
        faults.AddRange(missing.Select(key => $"{section.Path}:{key}: no such file: {LogText.Safe(section[key]!)}"));
        if (missing.Length > 0)
        {
            return null;
        }

        try
        {
            return Load(section["Path"]!, section["KeyPath"], section["Password"]);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{section.Path}:Path: {LogText.Safe(section["Path"]!)}: {LogText.Safe(fault.Message)}");
            return null;
        }
    }

    private static SslStreamCertificateContext Load(string path, string? keyPath, string? password)
    {
        if (!string.IsNullOrEmpty(keyPath))
        {
            X509Certificate2 certificate = string.IsNullOrEmpty(password)
                ? X509Certificate2.CreateFromPemFile(path, keyPath)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(path);
            return ContextOf(certificate, chain);
        }

        if (PemEncoding.TryFind(File.ReadAllText(path), out _))
        {
            throw new CryptographicException("KeyPath must name the file with the key of a PEM certificate");
        }

        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        return ContextOf(all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("there is no private key in it"), all);
    }

    // What else is in the file goes to the client with it: the certificates between it and the one that the client trusts (RFC 8446 4.4.2).
    private static SslStreamCertificateContext ContextOf(X509Certificate2 certificate, X509Certificate2Collection chain) =>
        SslStreamCertificateContext.Create(certificate, chain);
}
