using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace WebDav.Operations.Pages;

/// <summary>
/// An operation over a WebSocket (RFC 6455): its JSON as text messages, and the commands <c>cancel</c>, <c>pause</c> and
/// <c>resume</c> as text messages the other way. It is closed when the operation has ended.
/// </summary>
internal sealed class OperationSocket(OperationFeed feed)
{
    private const int LongestCommand = 64;

    public async Task ServeAsync(HttpContext context, Operation operation, string pathBase, bool mayControl)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var listening = ListenAsync(socket, operation, mayControl, over);
        try
        {
            await foreach (var (_, view) in feed.ReadAsync(operation, pathBase, after: -1, over.Token))
            {
                await socket.SendAsync(view.ToJson(), WebSocketMessageType.Text, endOfMessage: true, over.Token);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "the operation has ended", over.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException)
        {
            // The other side has left; the operation goes on.
        }

        await listening;
    }

    private static async Task ListenAsync(WebSocket socket, Operation operation, bool mayControl, CancellationTokenSource over)
    {
        var buffer = new byte[LongestCommand];
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), over.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    await over.CancelAsync();
                    return;
                }

                if (read.EndOfMessage && mayControl)
                {
                    Obey(operation, Encoding.UTF8.GetString(buffer, 0, read.Count).Trim());
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException)
        {
            await over.CancelAsync();
        }
    }

    private static void Obey(Operation operation, string command)
    {
        switch (command)
        {
            case "cancel":
                operation.Stop(OperationState.Cancelled);
                break;
            case "pause":
                operation.Pause();
                break;
            case "resume":
                operation.Resume();
                break;
        }
    }
}
