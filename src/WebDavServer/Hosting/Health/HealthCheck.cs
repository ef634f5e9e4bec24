using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace WebDavServer.Hosting.Health;

/// <summary>The subcommand <c>health</c>: asks the server that runs with the same settings whether it is well.</summary>
internal static class HealthCheck
{
    /// <summary>The exit code where it is not. Docker keeps 2 for itself.</summary>
    public const int NotWell = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks; returns 0 if the server is well, else 1 with a line on stderr that says why.</summary>
    public static async Task<int> RunAsync(CommandLine line)
    {
        if (line.Answer is { } text)
        {
            Console.Out.WriteLine(text);
            return 0;
        }

        if (await FaultAsync(line) is not { } fault)
        {
            return 0;
        }

        Console.Error.WriteLine($"health: {fault}");
        return NotWell;
    }

    private static async Task<string?> FaultAsync(CommandLine line)
    {
        try
        {
            ServerSettings settings = ServerSettings.Load(line);
            string[] faults = [.. settings.Faults, .. settings.Addresses.Faults];
            return faults.Length > 0 ? string.Join("; ", faults) : await AskAsync(settings.Addresses.All.First());
        }
        catch (StartFaultException wrong)
        {
            return string.Join("; ", wrong.Lines);
        }
    }

    /// <summary>Asks at one of the server's addresses, which is as good as any; returns what is wrong, null if nothing.</summary>
    internal static async Task<string?> AskAsync(BindingAddress address)
    {
        if (!address.IsUnixPipe && address.Port == 0)
        {
            return $"{address} leaves the port to the system, so it cannot be known here";
        }

        // Whoever listens at the server's own address is the server, whatever name its certificate has and whoever signed it.
        using SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, cancellation) => ConnectAsync(address, cancellation),

            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
        };
        using HttpClient client = new(handler) { Timeout = Patience };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"{address.Scheme}://localhost{HealthPage.Location}"));
            return answer.IsSuccessStatusCode ? null : $"{address} answered {(int)answer.StatusCode}";
        }
        catch (TaskCanceledException)
        {
            return $"{address} did not answer within {Patience.TotalSeconds} seconds";
        }
        catch (HttpRequestException fault)
        {
            return $"{address}: {LogText.Safe(fault.InnerException?.Message ?? fault.Message)}";
        }
    }

    private static async ValueTask<Stream> ConnectAsync(BindingAddress address, CancellationToken cancellation)
    {
        EndPoint endpoint = EndPointOf(address);
        Socket socket = endpoint switch
        {
            UnixDomainSocketEndPoint => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
            IPEndPoint { AddressFamily: var family } => new(family, SocketType.Stream, ProtocolType.Tcp),
            _ => new(SocketType.Stream, ProtocolType.Tcp),
        };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Every interface (a wildcard, or a name, which Kestrel takes for one) is reached over loopback.</summary>
    private static EndPoint EndPointOf(BindingAddress address)
    {
        if (address.IsUnixPipe)
        {
            return new UnixDomainSocketEndPoint(address.UnixPipePath);
        }

        bool isAddress = IPAddress.TryParse(address.Host, out IPAddress? ip);
        return isAddress && !ip!.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)
            ? new IPEndPoint(ip, address.Port)
            : new DnsEndPoint("localhost", address.Port);
    }
}
