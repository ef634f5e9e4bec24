using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebDav.Handlers;

namespace WebDavServer.Hosting;

/// <summary>The last to catch: a fault that nobody foresaw is logged in full and answered 500 without a word of it.</summary>
internal sealed partial class UnhandledFaults(RequestDelegate next, ILogger<UnhandledFaults> logger)
{
    /// <summary>Lets the request be answered.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception fault) when (IsClientGone(context, fault))
        {
            Report(context, "the client closed the connection");
            context.Abort();
        }
        catch (BadHttpRequestException fault)
        {
            // A body that is not what its head promised, such as a broken chunk: the client's fault, and Kestrel knows the status.
            Report(context, fault.Message);
            Answer(context, fault.StatusCode);
        }
        catch (Exception fault)
        {
            LogFault(fault, LogText.Safe(context.Request.Method), LogText.Safe(context.Request.Path.Value ?? ""));
            Report(context, $"unhandled {fault.GetType().Name}");
            Answer(context, StatusCodes.Status500InternalServerError);
        }
    }

    /// <summary>Once the head is sent, a connection that breaks off is the only way to say that the body is not whole.</summary>
    private static void Answer(HttpContext context, int status)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
    }

    private static bool IsClientGone(HttpContext context, Exception fault) =>
        fault is ConnectionResetException
        || (context.RequestAborted.IsCancellationRequested && fault is (OperationCanceledException or IOException));

    private static void Report(HttpContext context, string reason)
    {
        if (context.Features.Get<RequestReport>() is { } report)
        {
            report.Reason = reason;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Method} {Path} failed", EventName = "Unhandled")]
    private partial void LogFault(Exception fault, string method, string path);
}
