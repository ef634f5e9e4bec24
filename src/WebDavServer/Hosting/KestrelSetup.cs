using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Handlers;
using WebDavServer.Hosting.Interim;

namespace WebDavServer.Hosting;

/// <summary>Kestrel as a file server needs it.</summary>
internal static class KestrelSetup
{
    private const int RestOfHeader = 112 * 1024;

    /// <summary>Listens where the settings say: HTTP/1.1 and HTTP/2, which on clear text needs prior knowledge.</summary>
    public static IWebHostBuilder UseKestrelWith(this IWebHostBuilder host, ServerSettings settings)
    {
        host.UseKestrelCore().ConfigureKestrel(options =>
        {
            SetLimits(
                options,
                options.ApplicationServices.GetRequiredService<ConnectionLimits>(),
                options.ApplicationServices.GetRequiredService<RequestLimits>());
            options.ConfigureEndpointDefaults(endpoint => endpoint.UseInterimResponses(settings.Addresses.AreClearText(endpoint.EndPoint)));
            options.RequestHeaderEncodingSelector = ConnectionFieldEncoding.For;
            options.Configure(settings.Configuration.GetSection("Kestrel"));
        });
        host.ConfigureServices(services => services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemory>()); // after Kestrel's own
        return host.UseUrls([.. settings.Addresses.Urls]); // none if Kestrel:Endpoints says where
    }

    private static void SetLimits(KestrelServerOptions options, ConnectionLimits connections, RequestLimits requests)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;

        // A file may be of any size; bodies that are read into memory have a limit of their own where they are read.
        options.Limits.MaxRequestBodySize = null;

        // Those that speak WebSocket are counted apart, and are no less of a burden.
        options.Limits.MaxConcurrentConnections = connections.Connections;
        options.Limits.MaxConcurrentUpgradedConnections = connections.Connections;
        options.Limits.RequestHeadersTimeout = connections.HeaderTimeout;

        // A rate would end what is slow; StalledClients ends what has stopped.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;

        // Deep paths in percent-encoding, and If headers with many lock tokens (RFC 4918 10.4).
        options.Limits.MaxRequestLineSize = 32 * 1024;
        int header = (int)Math.Min(int.MaxValue, (long)RestOfHeader + requests.IfHeaderLength);
        options.Limits.MaxRequestHeadersTotalSize = header;
        options.Limits.Http2.MaxRequestHeaderFieldSize = header;
        options.Limits.MaxRequestBufferSize = Math.Max(options.Limits.MaxRequestBufferSize ?? 0, header); // Kestrel holds a head as a whole
    }
}
