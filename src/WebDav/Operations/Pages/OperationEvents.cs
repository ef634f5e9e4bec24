using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace WebDav.Operations.Pages;

/// <summary>
/// An operation as server-sent events (HTML Living Standard 9.2): <c>progress</c> while it goes on, <c>done</c> at its end, each
/// with the operation's JSON. The id of an event is the version it shows, so a reader that comes back with Last-Event-ID hears
/// only what is new.
/// </summary>
internal sealed class OperationEvents(OperationFeed feed)
{
    public async Task WriteAsync(HttpContext context, Operation operation, string pathBase)
    {
        var after = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : -1;
        Begin(context.Response);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await foreach (var (version, view) in feed.ReadAsync(operation, pathBase, after, context.RequestAborted))
        {
            await WriteAsync(context, version, view);
        }
    }

    /// <summary>The one event of an operation that ended before.</summary>
    public static async Task WriteEndAsync(HttpContext context, OperationView view)
    {
        Begin(context.Response);
        await WriteAsync(context, version: 0, view);
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep events back.
    }

    private static async Task WriteAsync(HttpContext context, long version, OperationView view)
    {
        var name = view.Ended is null ? "progress" : "done";
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {version}\nevent: {name}\ndata: "));
        await context.Response.Body.WriteAsync((byte[])[.. head, .. view.ToJson(), (byte)'\n', (byte)'\n'], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
