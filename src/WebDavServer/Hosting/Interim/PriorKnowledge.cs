using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace WebDavServer.Hosting.Interim;

/// <summary>Whether a client begins to speak HTTP/2 on clear text without having asked (RFC 9113 3.3).</summary>
internal static class PriorKnowledge
{
    // Such a client sends the preface at once (RFC 9113 3.4). One that is silent for longer is left to HTTP/1.1 and its time-outs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Reads no further than needed to know, and leaves every byte in the input.</summary>
    public static async ValueTask<bool> IsSpokenAsync(ConnectionContext connection)
    {
        CancellationToken closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(closing);
        end.CancelAfter(Patience);
        try
        {
            return await IsSpokenAsync(connection.Transport.Input, end.Token);
        }
        catch (OperationCanceledException)
        {
            return false; // What has come so far is still in the input.
        }
        catch (Exception fault) when (fault is IOException or ConnectionResetException)
        {
            return false; // The HTTP layer will read the same fault and log it.
        }
    }

    private static async ValueTask<bool> IsSpokenAsync(PipeReader input, CancellationToken end)
    {
        long examined = 0;
        while (true)
        {
            ReadResult result = await input.ReadAsync(end);
            ReadOnlySequence<byte> buffer = result.Buffer;
            int length = (int)Math.Min(buffer.Length, Preface.Length);
            bool matches = Matches(buffer.Slice(0, length));
            if (length == Preface.Length || !matches || result.IsCompleted || result.IsCanceled)
            {
                // Not examined any further than before, so that the next read gives the same at once.
                input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                return matches && length == Preface.Length;
            }

            examined = buffer.Length;
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static bool Matches(ReadOnlySequence<byte> begin)
    {
        Span<byte> bytes = stackalloc byte[Preface.Length];
        begin.CopyTo(bytes);
        return Preface.StartsWith(bytes[..(int)begin.Length]);
    }
}
