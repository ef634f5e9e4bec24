using System.Net;

namespace WebDav.Handlers;

/// <summary>
/// The hop from a trusted proxy to this server, as the connection and the request themselves tell it. The host sets it as a feature
/// where it puts what the proxy says of its client in the place of the request's scheme and host and the connection's remote address.
/// </summary>
/// <param name="Address">The proxy's own address, by which it is decided whether it can be sent 102s; null if it has none.</param>
/// <param name="Host">The <c>Host</c> field that the proxy sent.</param>
/// <param name="Prefix">What the proxy took away from the front of the path, encoded, without trailing slash; often empty.</param>
public sealed record ProxyHop(IPAddress? Address, string Host, string Prefix);
