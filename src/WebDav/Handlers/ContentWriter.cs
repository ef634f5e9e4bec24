using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using WebDav.Metrics;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>Writes a file's content, whole or in parts (RFC 9110 14, 15.3.7).</summary>
internal static class ContentWriter
{
    // Large enough that a fast disk is read in few calls, small enough for many connections at once.
    private const int Chunk = 256 * 1024;

    public static async Task WriteAsync(HttpResponse response, DavResult.Content result, UrlSpace urls, WebDavMetrics metrics, CancellationToken cancellation)
    {
        await using var file = result.File;
        var entry = file.Entry;
        Validators.Write(response.Headers, entry);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.XContentTypeOptions = "nosniff";
        var type = LiveProperties.ContentType(entry.Path);
        if (ActiveContent.Includes(type))
        {
            response.Headers.ContentSecurityPolicy = ActiveContent.Policy;
        }

        if (result.Refusal is { } refusal)
        {
            response.StatusCode = refusal.Status;
            response.Headers.ContentLocation = urls.Href(entry.Path); // RFC 9110 6.4.2: whose content it is, in a 4xx
            AppliedPreferences.Write(response.Headers, brief: false, AppliedPreferences.Representation);
        }

        switch (result.Ranges)
        {
            case { Kind: RangeKind.Unsatisfiable }:
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{entry.Length}");
                response.ContentLength = 0;
                return;
            case { Kind: RangeKind.Whole }:
                response.ContentType = type;
                response.ContentLength = entry.Length;
                if (!result.HeadersOnly)
                {
                    await CopyAsync(file, new ByteRange(0, entry.Length), response.BodyWriter, metrics, cancellation);
                }

                return;
            case { Ranges: [var only] }:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.ContentType = type;
                response.Headers.ContentRange = ContentRange(only, entry.Length);
                response.ContentLength = only.Length;
                await CopyAsync(file, only, response.BodyWriter, metrics, cancellation);
                return;
            default:
                await WritePartsAsync(response, file, result.Ranges.Ranges, type, metrics, cancellation);
                return;
        }
    }

    private static string ContentRange(ByteRange range, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {range.Start}-{range.End - 1}/{length}");

    // multipart/byteranges, RFC 9110 14.6.
    private static async Task WritePartsAsync(
        HttpResponse response, IContent file, IReadOnlyList<ByteRange> ranges, string type, WebDavMetrics metrics,
        CancellationToken cancellation)
    {
        var boundary = $"part-{Guid.NewGuid():N}";
        var heads = ranges.Select(range => Encoding.ASCII.GetBytes(
            $"\r\n--{boundary}\r\nContent-Type: {type}\r\nContent-Range: {ContentRange(range, file.Entry.Length)}\r\n\r\n")).ToList();
        var end = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        response.StatusCode = StatusCodes.Status206PartialContent;
        response.ContentType = $"multipart/byteranges; boundary={boundary}";
        response.ContentLength = heads.Sum(head => (long)head.Length) + ranges.Sum(range => range.Length) + end.Length;
        foreach (var (head, range) in heads.Zip(ranges))
        {
            await response.BodyWriter.WriteAsync(head, cancellation);
            await CopyAsync(file, range, response.BodyWriter, metrics, cancellation);
        }

        await response.BodyWriter.WriteAsync(end, cancellation);
    }

    private static async Task CopyAsync(IContent file, ByteRange range, PipeWriter output, WebDavMetrics metrics, CancellationToken cancellation)
    {
        for (var offset = range.Start; offset < range.End;)
        {
            var wanted = (int)Math.Min(Chunk, range.End - offset);
            var read = await file.ReadAsync(offset, output.GetMemory(wanted)[..wanted], cancellation);
            if (read == 0)
            {
                // Cut short on disk by somebody else: the promised length cannot be kept, and the client must see that.
                throw new IOException($"{file.Entry.Path} became shorter while it was sent");
            }

            output.Advance(read);
            metrics.Sent(read);
            offset += read;
            var flush = await output.FlushAsync(cancellation);
            if (flush.IsCompleted)
            {
                throw new ConnectionAbortedException("the client went away"); // not an answer that is too short
            }
        }
    }
}
