using System.Text;

namespace WebDavServer.Tests.Support;

/// <summary>A connection that is kept from request to request, and made anew where the server has closed it.</summary>
internal sealed class KeptConnection(ServerFixture server) : IAsyncDisposable
{
    private RawConnection? _connection;

    /// <summary>
    /// Sends a request as it is and reads its final response; null where the connection broke off before it: the server refuses what
    /// is no HTTP without reading on, and what was not read resets the connection.
    /// </summary>
    public async Task<RawResponse?> AskAsync(string head, byte[]? body = null)
    {
        _connection ??= await server.ConnectAsync();
        RawResponse? response = null;
        try
        {
            await _connection.SendAsync(Encoding.UTF8.GetBytes(head + "\r\n\r\n").Concat(body ?? []).ToArray());
            response = (await _connection.ReadFinalAsync()).Final;
        }
        catch (IOException)
        {
        }

        if (response is null || response["Connection"] == "close")
        {
            await DisposeAsync();
        }

        return response;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
