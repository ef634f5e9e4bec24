using System.Net;

namespace WebDav.Progress;

/// <summary>
/// What is known of a proxy in front (setting <c>KeepAlive:Proxies</c>). None is built in: an address says nothing of the program
/// that has it.
/// </summary>
/// <param name="Network">Where its connections come from.</param>
/// <param name="Limits">How many 102s it takes.</param>
/// <param name="Bare">Whether it takes the status line alone: lighttpd fails on fields before a client that speaks HTTP/2.</param>
internal sealed record KeepAliveProxy(IPNetwork Network, KeepAliveLimits Limits, bool Bare);
