namespace WebDavServer.Security;

/// <summary>Whether passwords may come over connections without TLS from other machines (<c>Auth:ClearText</c>).</summary>
internal enum ClearText
{
    /// <summary>The server does not start so.</summary>
    Refused,

    /// <summary>A proxy in front ends TLS, or the network is trusted.</summary>
    Allowed,
}
