using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace WebDavServer.Hosting.Health;

/// <summary>The host's own pages below the reserved <c>/.webdav/</c>: whether the server is ready, and whether it lives.</summary>
/// <remarks>They are open to everybody, before any login, so they tell no more than words.</remarks>
internal sealed class HealthPage(RequestDelegate next, IConfiguration configuration, Readiness readiness, IHostApplicationLifetime host)
{
    /// <summary>Whether it is ready to serve; at the root even where there is a URL prefix.</summary>
    public const string Location = "/.webdav/health";

    /// <summary>Whether the process answers, however its disks are.</summary>
    public const string LiveLocation = Location + "/live";

    private static readonly ReadOnlyMemory<byte> Live = "{\"status\":\"ok\"}"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Stopping = "{\"status\":\"stopping\"}"u8.ToArray();
    private readonly PathString _pathBase = PathBaseOf(configuration["WebDav:PathBase"]);

    /// <summary>Answers for itself, at the root and below the configured URL prefix, and passes on the rest.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (_pathBase.HasValue && path.StartsWithSegments(_pathBase, StringComparison.Ordinal, out PathString below))
        {
            path = below;
        }

        return path.Value switch
        {
            LiveLocation => AnswerAsync(context, StatusCodes.Status200OK, Live),
            Location => AnswerReadyAsync(context),
            _ => next(context),
        };
    }

    private async Task AnswerReadyAsync(HttpContext context)
    {
        // Who asks before sending requests is to send them elsewhere, while those that are here come to their end.
        if (host.ApplicationStopping.IsCancellationRequested)
        {
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, Stopping);
            return;
        }

        IReadOnlyList<(string Name, HealthFault? Fault)> checks = await readiness.AskAsync();
        bool isReady = checks.All(check => check.Fault is null);
        string each = string.Join(',', checks.Select(check => $"\"{check.Name}\":\"{check.Fault?.Word ?? "ok"}\""));
        await AnswerAsync(
            context,
            isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            Encoding.ASCII.GetBytes($"{{\"status\":\"{(isReady ? "ok" : "failed")}\",\"checks\":{{{each}}}}}"));
    }

    private static async Task AnswerAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
        }
    }

    private static PathString PathBaseOf(string? setting) =>
        setting?.Trim('/') is { Length: > 0 } name ? new PathString("/" + name) : PathString.Empty;
}
