namespace WebDav.Protocol.Headers;

/// <summary>What the request itself was addressed to, so that a <c>Destination</c> can be told from one on another server.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>, as this server was reached; a proxy may have been reached by the other.</param>
/// <param name="Host">The <c>Host</c> field: a name or address, with its port unless it is the default one.</param>
/// <param name="Urls">How its URLs name resources.</param>
/// <param name="OtherHosts">
/// Further names of the server (<c>X-Forwarded-Host</c>, configuration); one without a port stands for any port.
/// </param>
internal sealed record RequestAuthority(string Scheme, string Host, UrlSpace Urls, IReadOnlyList<string> OtherHosts)
{
    /// <summary>Whether a host and port are this server's.</summary>
    public bool IsNamed(HostAndPort host)
    {
        if (HostAndPort.TryParse(Host, out var own) && host.SameAs(own))
        {
            return true;
        }

        foreach (var name in OtherHosts)
        {
            if (HostAndPort.TryParse(name, out var other) && (other.Port is null ? host.SameHostAs(other) : host.SameAs(other)))
            {
                return true;
            }
        }

        return false;
    }
}
