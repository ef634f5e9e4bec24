using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebDavServer.Hosting.Interim;

/// <summary>Prepares the connections of an endpoint for interim responses over HTTP/2.</summary>
internal static class InterimSetup
{
    /// <summary>
    /// Registers the connection middleware. On clear text it also makes HTTP/2 with prior knowledge possible beside HTTP/1.1. Where TLS
    /// is or may be in use it must not: Kestrel would take the client's word for it and serve the connection unencrypted.
    /// </summary>
    public static void UseInterimResponses(this ListenOptions endpoint, bool isClearText)
    {
        if (isClearText)
        {
            endpoint.Use(next => connection => ServeClearTextAsync(connection, next));
        }
        else
        {
            endpoint.Use(next => connection => next(new InsideTlsConnection(connection)));
        }
    }

    private static async Task ServeClearTextAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await PriorKnowledge.IsSpokenAsync(connection))
        {
            connection.Transport = Http2Transport.Before(connection.Transport, new PriorKnowledgeInput(connection), connection);
        }

        await next(connection);
    }
}
