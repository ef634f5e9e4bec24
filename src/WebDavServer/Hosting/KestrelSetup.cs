using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using WebDavServer.Hosting.Interim;
using WebDavServer.Hosting.Tls;

namespace WebDavServer.Hosting;

/// <summary>Kestrel as a file server needs it.</summary>
internal static class KestrelSetup
{
    /// <summary>Listens where the settings say: HTTP/1.1 and HTTP/2, which on clear text needs prior knowledge.</summary>
    public static IWebHostBuilder UseKestrelWith(this IWebHostBuilder host, ServerSettings settings, ServerCertificates certificates)
    {
        host.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            SetLimits(options);
            options.ConfigureEndpointDefaults(endpoint => endpoint.UseInterimResponses(settings.Addresses.AreClearText(endpoint.EndPoint)));
            options.RequestHeaderEncodingSelector = ConnectionFieldEncoding.For;
            certificates.UseFor(options, settings.Configuration.GetSection("Kestrel"));
        });
        return host.UseUrls([.. settings.Addresses.Urls]); // none if Kestrel:Endpoints says where
    }

    private static void SetLimits(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;

        // A file may be of any size; bodies that are read into memory have a limit of their own where they are read.
        options.Limits.MaxRequestBodySize = null;

        // A laptop that sleeps in the middle of an upload or download is slow, not hostile.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;

        // Deep paths in percent-encoding, and If headers with many lock tokens (RFC 4918 10.4).
        options.Limits.MaxRequestLineSize = 32 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
        options.Limits.Http2.MaxRequestHeaderFieldSize = 128 * 1024;
    }
}
