using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using WebDav.Protocol;
using WebDav.Scheduling;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>Writes a collection, with all that is below it, as a zip that is made while it is sent: nothing of it is kept anywhere.</summary>
internal sealed class ZipWriter(IStore store, Workers workers, TimeProvider time)
{
    private const int Chunk = 128 * 1024;

    // What the format can say (APPNOTE 4.4.6); ZipArchive refuses other years.
    private const int FirstYear = 1980;
    private const int LastYear = 2107;

    /// <summary>Writes the zip.</summary>
    /// <exception cref="DavFaultException">A member could not be read. The zip has no end then: no program takes it for whole.</exception>
    public async Task WriteAsync(HttpResponse response, UrlSpace urls, DavResult.Zip result, CancellationToken cancellation)
    {
        var root = result.Collection.Path;
        var name = root == urls.Root ? "files" : root.Name;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name + ".zip"); // RFC 8187 for what is not ASCII
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/zip";
        if (result.HeadersOnly)
        {
            return;
        }

        await workers.RunAsync(
            result.Collection.FileSystem, () => WriteAsync(new PipeOutput(response.BodyWriter), urls, result, cancellation), cancellation);
    }

    private async Task<bool> WriteAsync(PipeOutput output, UrlSpace urls, DavResult.Zip result, CancellationToken cancellation)
    {
        // Not disposed after a failure: that would write the directory which makes it look whole.
        var root = result.Collection.Path;
        var turn = workers.BeginTurn();
        var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        try
        {
            await foreach (var step in result.Walk.StepsAsync(cancellation))
            {
                await AddAsync(zip, step, Names(root, urls, step.Entry.Path), turn, cancellation);
                await turn.StepAsync();
            }
        }
        catch (StoreException failed)
        {
            throw new DavFaultException(failed.ToDavFault());
        }

        await zip.DisposeAsync();
        await output.FlushAsync(cancellation);
        return true;
    }

    // Below a folder of the collection's own name, so that what is unpacked lies together; the user's root has none.
    private static string Names(DavPath root, UrlSpace urls, DavPath path) =>
        path.Relocate(root == urls.Root ? root : root.Parent, DavPath.Root).Value.TrimStart('/');

    private async ValueTask AddAsync(ZipArchive zip, WalkStep step, string name, Turn turn, CancellationToken cancellation)
    {
        switch (step)
        {
            case { Kind: WalkStepKind.Unlistable, Fault: { Fault: not StoreFault.Loop } fault }:
                throw fault; // A link that leads back to where it is adds nothing; all else would be missing.
            case { Kind: WalkStepKind.Visit, Entry.IsCollection: false }:
                await AddFileAsync(zip, step.Entry, name, turn, cancellation);
                break;
            case { Kind: WalkStepKind.Visit } when name.Length > 0:
                await (await BeginAsync(zip, step.Entry, name + "/", cancellation)).DisposeAsync();
                break;
        }
    }

    private async ValueTask AddFileAsync(ZipArchive zip, Entry member, string name, Turn turn, CancellationToken cancellation)
    {
        IContent content;
        try
        {
            content = await store.OpenAsync(member.Path, cancellation);
        }
        catch (StoreException gone) when (gone.Fault == StoreFault.NotFound)
        {
            return; // removed since it was listed
        }

        await using (content)
        {
            var output = await BeginAsync(zip, content.Entry, name, cancellation);
            var buffer = new byte[Math.Min(Chunk, Math.Max(1, content.Entry.Length))];
            for (long offset = 0; offset < content.Entry.Length;)
            {
                var wanted = (int)Math.Min(buffer.Length, content.Entry.Length - offset);
                var read = await content.ReadAsync(offset, buffer.AsMemory(0, wanted), cancellation);
                if (read == 0)
                {
                    throw new DavFaultException(new DavFault(500, $"{member.Path} became shorter while it was sent"));
                }

                await output.WriteAsync(buffer.AsMemory(0, read), cancellation);
                offset += read;
                await turn.StepAsync();
            }

            await output.DisposeAsync();
        }
    }

    private async ValueTask<Stream> BeginAsync(ZipArchive zip, Entry member, string name, CancellationToken cancellation)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = Stamp(member);
        return await entry.OpenAsync(cancellation);
    }

    // The format knows no time zone: programs take it for their own.
    private DateTimeOffset Stamp(Entry entry)
    {
        var local = TimeZoneInfo.ConvertTime(entry.Modified, time.LocalTimeZone);
        return local.Year is >= FirstYear and <= LastYear ? local : new DateTimeOffset(FirstYear, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
