using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>Writes a collection as a page of links, for those who look at it with a browser or curl (RFC 4918 9.4 leaves it to the server).</summary>
internal static class ListingWriter
{
    private const int FlushAt = 32 * 1024;

    public static async Task WriteAsync(HttpResponse response, UrlSpace urls, DavResult.Listing result, CancellationToken cancellation)
    {
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        response.Headers.XContentTypeOptions = "nosniff";
        if (result.HeadersOnly)
        {
            return;
        }

        var html = new XmlOutput(response.BodyWriter);
        var path = result.Collection.Path;
        var shown = path.Relocate(urls.Root, DavPath.Root);
        var title = shown.IsRoot ? "/" : shown.Value;
        html.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>"u8);
        html.Text(title);
        html.Raw("</title><style>body{font:1rem/1.6 system-ui;margin:2rem}ul{list-style:none;padding:0}</style></head>\n<body><h1>"u8);
        html.Text(title);
        html.Raw("</h1>\n<ul>\n"u8);
        if (path != urls.Root)
        {
            Link(html, urls.Href(path.Parent, collection: true), "../");
        }

        var flushed = 0L;
        await foreach (var member in result.Members.WithCancellation(cancellation))
        {
            Link(html, urls.Href(member.Path, member.IsCollection), member.IsCollection ? member.Path.Name + "/" : member.Path.Name);
            if (html.Length - flushed > FlushAt)
            {
                flushed = html.Length;
                await response.BodyWriter.FlushAsync(cancellation);
            }
        }

        html.Raw("</ul></body></html>\n"u8);
        await response.BodyWriter.FlushAsync(cancellation);
    }

    private static void Link(XmlOutput html, string href, string name)
    {
        html.Raw("<li><a href=\""u8);
        html.Text(href);
        html.Raw("\">"u8);
        html.Text(name);
        html.Raw("</a></li>\n"u8);
    }
}
