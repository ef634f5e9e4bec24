namespace WebDavServer.Hosting.Forwarding;

/// <summary>What one proxy says of the request that it passed on; null for what it does not say.</summary>
/// <param name="For">Who sent it to the proxy: an address, with or without a port, or a word.</param>
/// <param name="Proto">The scheme by which it came.</param>
/// <param name="Host">The <c>Host</c> field with which it came.</param>
/// <param name="Prefix">What the proxy took away from the front of its path.</param>
internal sealed record ForwardedElement(string? For = null, string? Proto = null, string? Host = null, string? Prefix = null);
