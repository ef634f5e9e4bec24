using System.Net;
using WebDav.Setup;

namespace WebDavServer.Hosting.Forwarding;

/// <summary>
/// The proxies whose word on a request's client is believed (<c>WebDav:TrustedProxies</c>). None is built in, not even on loopback: a
/// proxy that adds no field of its own passes on what its client wrote, and some container networks show every client as 127.0.0.1.
/// </summary>
internal sealed class TrustedProxies
{
    private readonly List<IPNetwork> _networks = [];
    private readonly bool _onUnixSockets;

    /// <summary>Reads the list; what is wrong with it is noted by the reader.</summary>
    public TrustedProxies(SettingsReader reader)
    {
        foreach ((string key, string text) in reader.Texts("WebDav:TrustedProxies"))
        {
            if (text.Equals("unix", StringComparison.OrdinalIgnoreCase))
            {
                _onUnixSockets = true;
            }
            else
            {
                _networks.Add(reader.Network(key, text));
            }
        }
    }

    /// <summary>Whether a proxy with this address is trusted; null for one on a Unix socket, which has none.</summary>
    public bool Contains(IPAddress? address) =>
        address is null ? _onUnixSockets : _networks.Exists(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
}
