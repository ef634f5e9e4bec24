using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using WebDav.Handlers;

namespace WebDavServer.Hosting;

/// <summary>One line for each request, and the features of a request that the WebDAV library reads and fills.</summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger, DavUser anonymous)
{
    /// <summary>Lets the request be answered and says what became of it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        long begin = time.GetTimestamp();
        RequestReport report = new();
        CountedBody body = new(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        context.Features.Set(report);
        context.Features.Set(anonymous);
        try
        {
            await next(context);
        }
        finally
        {
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
        switch (report.InterimResponses > 0, reason)
        {
            case (false, null):
                LogRequest(level, method, path, status, ms, bytes, user, remote);
                break;
            case (true, null):
                LogKeptAlive(level, method, path, status, ms, bytes, user, remote, report.InterimResponses, report.KeepAliveRule);
                break;
            case (false, { } why):
                LogRefused(level, method, path, status, ms, bytes, user, remote, why);
                break;
            case (true, { } why):
                LogKeptAliveAndRefused(
                    level, method, path, status, ms, bytes, user, remote, report.InterimResponses, report.KeepAliveRule, why);
                break;
        }
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

    [LoggerMessage(EventId = 2, Message = Line + ", {Interim} times 102 ({KeepAliveRule})", EventName = "RequestKeptAlive")]
    private partial void LogKeptAlive(
        LogLevel level, string method, string path, int status, double duration, long bytes, string user, string remote, int interim, string? keepAliveRule);

    [LoggerMessage(EventId = 3, Message = Line + ": {Reason}", EventName = "RequestRefused")]
    private partial void LogRefused(
        LogLevel level, string method, string path, int status, double duration, long bytes, string user, string remote, string reason);

    [LoggerMessage(EventId = 4, Message = Line + ", {Interim} times 102 ({KeepAliveRule}): {Reason}", EventName = "RequestKeptAliveAndRefused")]
    private partial void LogKeptAliveAndRefused(
        LogLevel level, string method, string path, int status, double duration, long bytes, string user, string remote, int interim,
        string? keepAliveRule, string reason);
}
