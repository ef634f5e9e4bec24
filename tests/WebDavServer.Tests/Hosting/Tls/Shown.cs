using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Tls;

/// <summary>What a server shows in a handshake.</summary>
/// <param name="Fingerprint">The SHA-256 of its certificate.</param>
/// <param name="Names">The subjects of the certificate and of those that came with it.</param>
/// <param name="Protocol">What ALPN agreed on.</param>
internal sealed record Shown(string Fingerprint, IReadOnlyList<string> Names, SslApplicationProtocol Protocol)
{
    /// <summary>Shakes hands with a server, as a client that offers HTTP/2.</summary>
    public static async Task<Shown> ByAsync(Uri address)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port);
        await using SslStream tls = new(client.GetStream());
        string fingerprint = "";
        List<string> names = [];
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.None,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                X509Certificate2 leaf = Assert.IsType<X509Certificate2>(certificate);
                fingerprint = leaf.GetCertHashString(HashAlgorithmName.SHA256);
                names.AddRange(chain!.ChainPolicy.ExtraStore.Select(sent => sent.Subject).Prepend(leaf.Subject).Distinct());
                return true;
            },
        }).WaitAsync(RawConnection.Patience);
        return new(fingerprint, names, tls.NegotiatedApplicationProtocol);
    }
}
