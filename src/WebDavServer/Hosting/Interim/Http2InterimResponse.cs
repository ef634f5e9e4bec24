using Microsoft.AspNetCore.Http;
using WebDav.Progress;

namespace WebDavServer.Hosting.Interim;

/// <summary>
/// Sends <c>102 Processing</c> on one stream of HTTP/2 (RFC 9113 8.1). The way is closed for good before the head of the final response
/// is written; the output itself closes it, too, when it sees that head or a reset go by.
/// </summary>
internal sealed class Http2InterimResponse : IInterimResponse
{
    private readonly Http2Output _output;
    private readonly int _stream;
    private readonly byte[] _bare;

    // The token and not the context, which by the time of a late caller may belong to another request.
    private readonly CancellationToken _aborted;
    private Task _sent = Task.CompletedTask;

    /// <summary>The way to the client of a request whose response has not started.</summary>
    public Http2InterimResponse(HttpContext context, Http2Output output, int stream)
    {
        _output = output;
        _stream = stream;
        _bare = Http2InterimFrame.Of(stream, []);
        _aborted = context.RequestAborted;
        output.Open(stream);
        context.Response.OnStarting(() =>
        {
            _output.Close(_stream);
            return Task.CompletedTask; // What was slipped in before stands before the head in the output, flushed or not.
        });

        // Without a response, as after a reset, this is the end. The stream waits for the flush: Kestrel completes the output of a
        // connection after its last stream, and a stream writer must not be completed while it is flushed.
        context.Response.OnCompleted(() =>
        {
            _output.Close(_stream);
            return Volatile.Read(ref _sent);
        });
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SendProcessingAsync(IReadOnlyList<KeyValuePair<string, string>> fields, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        byte[] frame = fields.Count == 0 ? _bare : Http2InterimFrame.Of(_stream, fields);
        if (_aborted.IsCancellationRequested)
        {
            return false;
        }

        Task<bool> sent = _output.SendAsync(_stream, frame);
        if (!sent.IsCompleted)
        {
            Volatile.Write(ref _sent, sent);
        }

        try
        {
            return await sent.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return true; // It is handed over and will go out; only nobody waits for it any more.
        }
    }
}
