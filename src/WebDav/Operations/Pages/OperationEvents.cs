using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebDav.Protocol;

namespace WebDav.Operations.Pages;

/// <summary>
/// An operation as server-sent events (HTML Living Standard 9.2): <c>progress</c> while it goes on, <c>done</c> at its end, each
/// with the operation's JSON. The id of an event is the version it shows, so a reader that comes back with Last-Event-ID hears
/// only what is new; when there is nothing new to come, 204 tells it not to come back (9.2.3).
/// </summary>
internal sealed class OperationEvents(OperationFeed feed)
{
    public async Task WriteAsync(HttpContext context, Operation operation, UrlSpace urls)
    {
        if (!await BeginAsync(context, operation.Now is { End: not null, Version: var last } ? last : null))
        {
            return;
        }

        var told = LastEventId(context.Request);
        await foreach (var (version, view) in feed.ReadAsync(operation, urls, told, context.RequestAborted))
        {
            await (version == told ? context.Response.WriteAsync(": nothing new\n\n", context.RequestAborted) : WriteAsync(context, version, view));
            await context.Response.Body.FlushAsync(context.RequestAborted);
            told = version;
        }
    }

    /// <summary>The one event of an operation that ended before.</summary>
    public static async Task WriteEndAsync(HttpContext context, long version, OperationView view)
    {
        if (await BeginAsync(context, version))
        {
            await WriteAsync(context, version, view);
        }
    }

    /// <summary>All that changes about the operations of a user, until the reader leaves; without ids, for each reader begins with what there is.</summary>
    public static async Task WriteAllAsync(HttpContext context, IAsyncEnumerable<OperationView?> views, CancellationToken cancellation)
    {
        Begin(context.Response);
        await context.Response.WriteAsync(": these follow\n\n", cancellation);
        await context.Response.Body.FlushAsync(cancellation);
        try
        {
            await foreach (var view in views)
            {
                await context.Response.Body.WriteAsync(view is null ? ": nothing new\n\n"u8.ToArray() : Event(view, head: ""), cancellation);
                await context.Response.Body.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The server ends: so does the stream, in order.
        }
    }

    // Whether events follow.
    private static async Task<bool> BeginAsync(HttpContext context, long? last)
    {
        var response = context.Response;
        if (last is not null && last == LastEventId(context.Request))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return false;
        }

        Begin(response);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return false;
        }

        await response.Body.FlushAsync(context.RequestAborted);
        return true;
    }

    private static long LastEventId(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : -1;

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep events back.
    }

    private static async Task WriteAsync(HttpContext context, long version, OperationView view) => await context.Response.Body.WriteAsync(
        Event(view, string.Create(CultureInfo.InvariantCulture, $"id: {version}\n")), context.RequestAborted);

    private static byte[] Event(OperationView view, string head) =>
    [
        .. Encoding.ASCII.GetBytes($"{head}event: {(view.Ended is null ? "progress" : "done")}\ndata: "), .. view.ToJson(), (byte)'\n', (byte)'\n',
    ];
}
