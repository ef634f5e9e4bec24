using Microsoft.AspNetCore.Http;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>Tells those who asked for a collection without the slash at its end that it belongs there (RFC 4918 5.2).</summary>
internal static class CollectionLocation
{
    public static void Write(HttpResponse response, DavRequest request, Entry entry)
    {
        if (entry.IsCollection && !request.TrailingSlash)
        {
            response.Headers.ContentLocation = request.Urls.Href(entry.Path, collection: true);
        }
    }
}
