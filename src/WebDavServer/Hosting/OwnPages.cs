using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace WebDavServer.Hosting;

/// <summary>The server's own pages: everything under the reserved <c>/.webdav/</c>, so that it is never taken for a resource.</summary>
internal sealed class OwnPages(RequestDelegate next, IConfiguration configuration)
{
    private const string Prefix = "/.webdav/";
    private static readonly ReadOnlyMemory<byte> Healthy = "{\"status\":\"ok\"}"u8.ToArray();
    private readonly PathString _pathBase = PathBaseOf(configuration["WebDav:PathBase"]);

    /// <summary>Answers what is under the prefix, at the root and below the configured URL prefix, and passes on the rest.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (_pathBase.HasValue && path.StartsWithSegments(_pathBase, StringComparison.Ordinal, out PathString below))
        {
            path = below;
        }

        if (path.Value?.StartsWith(Prefix, StringComparison.Ordinal) != true)
        {
            return next(context);
        }

        if (path.Value is not Prefix + "health")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return AnswerHealthAsync(context);
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
