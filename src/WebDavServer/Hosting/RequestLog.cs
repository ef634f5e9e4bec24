using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using WebDav.Handlers;
using WebDav.Metrics;

namespace WebDavServer.Hosting;

/// <summary>One line for each request, and the features of a request that the WebDAV library reads and fills.</summary>
internal sealed partial class RequestLog(
    RequestDelegate next, MethodTable methods, WebDavMetrics metrics, TimeProvider time, ILogger<RequestLog> logger)
{
    /// <summary>Lets the request be answered and says what became of it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        long begin = time.GetTimestamp();
        RequestReport report = new();
        CountedBody body = new(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        context.Features.Set(report);
        try
        {
            await next(context);
        }
        finally
        {
            metrics.Request(methods.Find(context.Request.Method)?.Name ?? "_OTHER", context.Response.StatusCode, report.InterimResponses);
            Write(context, report, body.Bytes, time.GetElapsedTime(begin).TotalMilliseconds);
        }
    }

    private void Write(HttpContext context, RequestReport report, long bytes, double duration)
    {
        int status = context.Response.StatusCode;
        LogLevel level = status >= 500 ? LogLevel.Warning : LogLevel.Information;
        if (!logger.IsEnabled(level))
        {
            return;
        }

        string method = LogText.Safe(context.Request.Method);
        string path = PathOf(context);
        double ms = Math.Round(duration, 1);
        string user = context.Features.Get<DavUser>()?.Name is { } name ? LogText.Safe(name) : "-";
        string remote = context.Connection.RemoteIpAddress?.ToString() ?? "-";
        string? reason = LogText.SafeOrNull(report.Reason);
        switch (KeepAliveOf(report), reason)
        {
            case (null, null):
                LogRequest(level, method, path, status, ms, bytes, user, remote);
                break;
            case ({ } keepAlive, null):
                LogWaited(level, method, path, status, ms, bytes, user, remote, keepAlive);
                break;
            case (null, { } why):
                LogRefused(level, method, path, status, ms, bytes, user, remote, why);
                break;
            case ({ } keepAlive, { } why):
                LogWaitedAndRefused(level, method, path, status, ms, bytes, user, remote, keepAlive, why);
                break;
        }
    }

    /// <summary>How a request was kept alive, or by which rule it was not; null for one that did not wait.</summary>
    private static string? KeepAliveOf(RequestReport report)
    {
        string rule = LogText.Safe(report.KeepAliveRule ?? "");
        string? interim = report.InterimResponses > 0 ? $"{report.InterimResponses} times 102 ({rule})" : null;
        string? streamed = report.IsStreamed ? report.StreamedStatus is { } status ? $"answer streamed ({status})" : "answer streamed" : null;
        return (interim, streamed) switch
        {
            (null, null) => report.HasWaited ? $"no 102: {rule}" : null,
            (null, _) => streamed,
            (_, null) => interim,
            _ => $"{interim}, {streamed}",
        };
    }

    /// <summary>The path as the client wrote it; its query may hold what is nobody's business.</summary>
    private static string PathOf(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return LogText.Safe(query < 0 ? target : target[..query]);
    }

    private const string Line = "{Method} {Path} {Status} in {Duration} ms, {Bytes} bytes, user {User}, from {Remote}";

    [LoggerMessage(EventId = 1, Message = Line, EventName = "Request")]
    private partial void LogRequest(
        LogLevel level, string method, string path, int status, double duration, long bytes, string user, string remote);

    [LoggerMessage(EventId = 2, Message = Line + ", {KeepAlive}", EventName = "RequestWaited")]
    private partial void LogWaited(
        LogLevel level, string method, string path, int status, double duration, long bytes, string user, string remote, string keepAlive);

    [LoggerMessage(EventId = 3, Message = Line + ": {Reason}", EventName = "RequestRefused")]
    private partial void LogRefused(
        LogLevel level, string method, string path, int status, double duration, long bytes, string user, string remote, string reason);

    [LoggerMessage(EventId = 4, Message = Line + ", {KeepAlive}: {Reason}", EventName = "RequestWaitedAndRefused")]
    private partial void LogWaitedAndRefused(
        LogLevel level, string method, string path, int status, double duration, long bytes, string user, string remote, string keepAlive, string reason);
}
