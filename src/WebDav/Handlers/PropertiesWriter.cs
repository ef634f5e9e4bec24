using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol.Xml;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>
/// Writes the 207 of a PROPFIND while the tree is walked: the first entries leave at once, and memory does not grow with the tree.
/// An answer that is held back grows in a file instead, while 102s keep the client waiting.
/// </summary>
internal sealed class PropertiesWriter(IDeadProperties dead, LockTable locks, WebDavOptions options, TimeProvider time)
{
    private const int FirstFlushAt = 4 * 1024;
    private const int FlushAt = 32 * 1024;
    private const int SpoolInMemory = 64 * 1024;

    public async Task WriteAsync(HttpResponse response, DavRequest request, DavResult.Properties result, CancellationToken cancellation)
    {
        await using var steps = result.Walk.StepsAsync(cancellation).GetAsyncEnumerator(cancellation);
        var first = await request.KeepAlive.WhileAsync(Task.Run(() => BeginAsync(steps), cancellation));
        if (result.Held)
        {
            await using var spool = new FileBufferingWriteStream(SpoolInMemory, bufferLimit: null, () => options.SpoolDirectory);
            await request.KeepAlive.WhileAsync(Task.Run(
                async () =>
                {
                    var output = PipeWriter.Create(spool, new StreamPipeWriterOptions(leaveOpen: true));
                    await WriteAllAsync(output, request, result, first, steps, cancellation);
                    await output.CompleteAsync();
                    return true;
                },
                cancellation));
            StartResponse(response, request, first[0].Entry);
            response.ContentLength = spool.Length;
            await spool.DrainBufferAsync(response.BodyWriter, cancellation);
            return;
        }

        StartResponse(response, request, first[0].Entry);
        await WriteAllAsync(response.BodyWriter, request, result, first, steps, cancellation);
    }

    // The resource itself, and the first thing that is known of its members: if they cannot be listed, the whole request fails.
    private static async Task<List<WalkStep>> BeginAsync(IAsyncEnumerator<WalkStep> steps)
    {
        var first = new List<WalkStep>(2);
        while (first.Count < 2 && await steps.MoveNextAsync())
        {
            first.Add(steps.Current);
            if (steps.Current.Fault is { } fault)
            {
                throw fault;
            }
        }

        return first;
    }

    private void StartResponse(HttpResponse response, DavRequest request, Entry root)
    {
        response.StatusCode = StatusCodes.Status207MultiStatus;
        response.ContentType = "application/xml; charset=utf-8";
        CollectionLocation.Write(response, request, root, options.PathBase);
        AppliedPreferences.Write( // RFC 8144 2.1 and 4
            response.Headers,
            brief: true,
            request.Prefer.ReturnMinimal ? AppliedPreferences.Minimal : null,
            request.Prefer.DepthNoRoot ? AppliedPreferences.DepthNoRoot : null);
    }

    private async Task WriteAllAsync(
        PipeWriter output,
        DavRequest request,
        DavResult.Properties result,
        IReadOnlyList<WalkStep> first,
        IAsyncEnumerator<WalkStep> rest,
        CancellationToken cancellation)
    {
        var xml = new XmlOutput(output);
        var writer = new MultiStatusWriter(xml, options.PathBase);
        var members = new MemberProperties(dead, request.Path);
        var reader = new PropertyReader(result.Query, request.Prefer.ReturnMinimal);
        var now = time.GetUtcNow();
        var flushAt = FirstFlushAt;
        writer.Start();
        for (var i = 0; i < first.Count || await rest.MoveNextAsync(); i++)
        {
            var (kind, entry, _) = i < first.Count ? first[i] : rest.Current;
            if (kind == WalkStepKind.Leave)
            {
                members.Leave(entry.Path);
            }
            else if (kind == WalkStepKind.Visit && !(result.NoRoot && entry.Path == request.Path))
            {
                var context = new PropertyContext(entry, locks.Covering(entry.Path), result.Space, options.PathBase, now);
                reader.Write(writer, context, await members.ReadAsync(entry.Path, cancellation));
            }

            if (xml.Length > flushAt)
            {
                flushAt = (int)Math.Min(int.MaxValue, xml.Length + FlushAt);
                await output.FlushAsync(cancellation);
            }
        }

        writer.End();
        await output.FlushAsync(cancellation);
    }
}
