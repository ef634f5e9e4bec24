using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebDav.Progress;

namespace WebDavServer.Hosting.Interim;

/// <summary>
/// Writes <c>102 Processing</c> of HTTP/1.1 to a connection, between the end of the request and the final response. The head of the
/// final response waits until what is being written has left, and closes the way: even a caller that is late cannot put a 102
/// behind or into it.
/// </summary>
internal sealed class Http11InterimResponse : IInterimResponse
{
    private readonly Lock _gate = new();
    private readonly HttpContext _context;
    private readonly PipeWriter _output;
    private Task<bool> _flush = Task.FromResult(true);
    private bool _closed;

    /// <summary>The way to the client of a request whose response has not started.</summary>
    public Http11InterimResponse(HttpContext context, PipeWriter output)
    {
        _context = context;
        _output = output;
        context.Response.OnStarting(CloseAsync);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SendProcessingAsync(IReadOnlyList<KeyValuePair<string, string>> fields, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        byte[] head = Head(fields);
        Task<bool> flush;
        lock (_gate)
        {
            if (_closed || !_flush.IsCompletedSuccessfully || !_flush.Result || _context.Response.HasStarted || _context.RequestAborted.IsCancellationRequested)
            {
                return false;
            }

            flush = _flush = FlushAsync(head);
        }

        try
        {
            return await flush.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return true; // It is handed over and will go out; only nobody waits for it any more.
        }
    }

    /// <summary>Never cancelled, as half a flush cannot be taken back. False if the connection is closed.</summary>
    private async Task<bool> FlushAsync(byte[] head)
    {
        try
        {
            FlushResult result = await _output.WriteAsync(head, CancellationToken.None);
            return !result.IsCompleted;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            return false; // The connection is gone; Kestrel finds out by itself.
        }
    }

    private Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            return _flush;
        }
    }

    private static byte[] Head(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        StringBuilder head = new("HTTP/1.1 102 Processing\r\n");
        foreach ((string name, string value) in fields)
        {
            InterimFields.Check(name, value);
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}
