using Microsoft.AspNetCore.Http;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>
/// Writes a collection as a page, for those who look at it with a browser or curl (RFC 4918 9.4 leaves it to the server). It is whole
/// without scripts: a table with links. The script reads from the same table what it shows.
/// </summary>
internal static class ListingWriter
{
    private const int FlushAt = 32 * 1024;

    // What the script imports. A browser that is not told would ask for these only after all rows that have come meanwhile.
    private static readonly string[] Modules = ["dav", "dialog", "dom", "format", "list", "operations", "upload", "viewer"];

    // Nothing from another host, nothing inline, and in nobody's frame.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; frame-src 'self'; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static async Task WriteAsync(HttpResponse response, UrlSpace urls, DavResult.Listing page, CancellationToken cancellation)
    {
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-cache"; // else browsers show a list from before a change
        if (page.HeadersOnly)
        {
            return;
        }

        var html = new XmlOutput(response.BodyWriter);
        Head(html, urls, page);
        await response.BodyWriter.FlushAsync(cancellation); // The style and the script are fetched while the collection is read.
        var flushed = html.Length;
        await foreach (var member in page.Members.WithCancellation(cancellation))
        {
            ListingRow.Write(html, urls, member, page.User.Name);
            if (html.Length - flushed > FlushAt)
            {
                flushed = html.Length;
                await response.BodyWriter.FlushAsync(cancellation);
            }
        }

        html.Raw("</tbody></table></main></body></html>\n"u8);
        await response.BodyWriter.FlushAsync(cancellation);
    }

    private static void Head(XmlOutput html, UrlSpace urls, DavResult.Listing page)
    {
        var here = page.Collection.Path;
        var assets = urls.Href(DavPath.Of(".webdav", "ui"));
        html.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>"u8);
        html.Text(here == urls.Root ? "/" : here.Relocate(urls.Root, DavPath.Root).Value);
        html.Raw("</title>\n<link rel=\"icon\" href=\""u8);
        html.Text(assets);
        html.Raw("/icon.svg\"><link rel=\"stylesheet\" href=\""u8);
        html.Text(assets);
        html.Raw("/page.css\"><script type=\"module\" async src=\""u8);
        html.Text(assets);
        html.Raw("/page.js\"></script>"u8);
        foreach (var module in Modules)
        {
            html.Raw("<link rel=\"modulepreload\" href=\""u8);
            html.Text(assets);
            html.Raw("/"u8);
            html.Text(module);
            html.Raw(".js\">"u8);
        }

        html.Raw("</head>\n<body"u8);
        Data(html, "here"u8, urls.Href(here, collection: true));
        Data(html, "operations"u8, urls.Href(OperationLinks.Root));
        Data(html, "user"u8, page.User.Name);
        Data(html, "refusal"u8, page.Refusal);
        html.Raw("><header><nav aria-label=\"Path\"><ol>"u8);
        Crumbs(html, urls, here);
        html.Raw("</ol></nav><a class=\"zip\" href=\""u8);
        html.Text(urls.Href(here, collection: true));
        html.Raw("?zip\">Download as zip</a></header>\n<main>"u8);
        foreach (var active in page.Locks)
        {
            html.Raw("<p class=\"locked\">"u8);
            ListingRow.WriteLock(html, urls, active, page.User.Name);
            html.Raw("</p>"u8);
        }

        html.Raw(
            """
            <table><thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Size</th><th scope="col">Modified (UTC)</th></tr></thead><tbody>

            """u8);
    }

    private static void Data(XmlOutput html, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            html.Raw(" data-"u8);
            html.Raw(name);
            html.Raw("=\""u8);
            html.Text(value);
            html.Raw("\""u8);
        }
    }

    private static void Crumbs(XmlOutput html, UrlSpace urls, DavPath here)
    {
        var above = new Stack<DavPath>();
        for (var at = here; at != urls.Root; at = at.Parent)
        {
            above.Push(at.Parent);
        }

        foreach (var path in above)
        {
            html.Raw("<li><a href=\""u8);
            html.Text(urls.Href(path, collection: true));
            html.Raw("\">"u8);
            html.Text(path == urls.Root ? "Files" : path.Name);
            html.Raw("</a></li>"u8);
        }

        html.Raw("<li><h1>"u8);
        html.Text(here == urls.Root ? "Files" : here.Name);
        html.Raw("</h1></li>"u8);
    }
}
