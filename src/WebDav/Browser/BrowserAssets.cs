using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace WebDav.Browser;

/// <summary>The server's own files for browsers, below <c>/.webdav/ui/</c>; they can only be read.</summary>
/// <param name="next">Answers what is none of them.</param>
/// <param name="pathBase">URL prefix, encoded, that belongs to the server; often empty.</param>
internal sealed class BrowserAssets(RequestDelegate next, string pathBase)
{
    private readonly string _root = PathString.FromUriComponent(pathBase).Value + "/.webdav/ui/";

    /// <summary>Answers for a file that there is, and passes on the rest.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        return path.StartsWith(_root, StringComparison.Ordinal) && BrowserAsset.All.TryGetValue(path[_root.Length..], out var asset)
            ? AnswerAsync(context, asset)
            : next(context);
    }

    private static async Task AnswerAsync(HttpContext context, BrowserAsset asset)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }

        var header = response.GetTypedHeaders();
        header.ETag = asset.ETag;
        header.CacheControl = new CacheControlHeaderValue { NoCache = true }; // RFC 9111 5.2.2.4: kept, and asked for anew by its entity tag
        if (request.GetTypedHeaders().IfNoneMatch.Any(tag => EntityTagHeaderValue.Any.Equals(tag) || tag.Compare(asset.ETag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = asset.Type;
        response.ContentLength = asset.Content.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (asset.Download is { } name)
        {
            header.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name };
        }

        if (HttpMethods.IsGet(request.Method))
        {
            await response.BodyWriter.WriteAsync(asset.Content, context.RequestAborted);
        }
    }
}
