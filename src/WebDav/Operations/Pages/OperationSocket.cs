using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebDav.Protocol;

namespace WebDav.Operations.Pages;

/// <summary>
/// An operation over a WebSocket (RFC 6455): its JSON as text messages, and the commands <c>cancel</c>, <c>pause</c> and
/// <c>resume</c> as text messages the other way. It is closed when the operation has ended.
/// </summary>
internal sealed class OperationSocket(OperationFeed feed, TimeProvider time)
{
    private const int LongestCommand = 64;

    /// <summary>How long the other side may take to close, too (RFC 6455 7.1.1).</summary>
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    /// <summary>Serves a connection until the operation has ended or the other side has left.</summary>
    public async Task ServeAsync(HttpContext context, Operation operation, UrlSpace urls, bool mayControl)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        var listening = ListenAsync(socket, operation, mayControl, left, over.Token);
        try
        {
            await foreach (var (_, view) in feed.ReadAsync(operation, urls, after: -1, left.Token))
            {
                await socket.SendAsync(view.ToJson(), WebSocketMessageType.Text, endOfMessage: true, over.Token);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException)
        {
            // The other side has left; the operation goes on.
        }

        await CloseAsync(socket, listening, over);
    }

    private async Task CloseAsync(WebSocket socket, Task listening, CancellationTokenSource over)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, over.Token);
            }

            await listening.WaitAsync(ClosePatience, time, over.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or TimeoutException)
        {
            // It has left without a word, or does not close.
        }

        await over.CancelAsync();
        await listening;
    }

    private static async Task ListenAsync(
        WebSocket socket, Operation operation, bool mayControl, CancellationTokenSource left, CancellationToken over)
    {
        var buffer = new byte[LongestCommand];
        var isRest = false;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), over) is { MessageType: not WebSocketMessageType.Close } read)
            {
                // What does not fit is no command, and neither is what is left of it.
                if (!isRest && read.EndOfMessage && mayControl)
                {
                    Obey(operation, Encoding.UTF8.GetString(buffer, 0, read.Count).Trim());
                }

                isRest = !read.EndOfMessage;
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException)
        {
            // That is how it ends without a close.
        }

        await left.CancelAsync();
    }

    private static void Obey(Operation operation, string command)
    {
        OperationCommand? known = command switch
        {
            "cancel" => OperationCommand.Cancel,
            "pause" => OperationCommand.Pause,
            "resume" => OperationCommand.Resume,
            _ => null,
        };
        if (known is { } wanted)
        {
            operation.Obey(wanted);
        }
    }
}
