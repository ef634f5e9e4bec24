using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace WebDavServer.Hosting;

/// <summary>The host's own page below the reserved <c>/.webdav/</c>: whether the server is well.</summary>
internal sealed class HealthPage(RequestDelegate next, IConfiguration configuration)
{
    /// <summary>Its path, at the root even where there is a URL prefix.</summary>
    public const string Location = "/.webdav/health";

    private static readonly ReadOnlyMemory<byte> Healthy = "{\"status\":\"ok\"}"u8.ToArray();
    private readonly PathString _pathBase = PathBaseOf(configuration["WebDav:PathBase"]);

    /// <summary>Answers for itself, at the root and below the configured URL prefix, and passes on the rest.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (_pathBase.HasValue && path.StartsWithSegments(_pathBase, StringComparison.Ordinal, out PathString below))
        {
            path = below;
        }

        return path.Value is Location ? AnswerHealthAsync(context) : next(context);
    }

    private static async Task AnswerHealthAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Healthy.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(Healthy, context.RequestAborted);
        }
    }

    private static PathString PathBaseOf(string? setting) =>
        setting?.Trim('/') is { Length: > 0 } name ? new PathString("/" + name) : PathString.Empty;
}
