using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Xml;
using WebDav.Scheduling;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>
/// Writes the 207 of a PROPFIND while the tree is walked: the first entries leave at once, and memory does not grow with the tree.
/// While the walk stalls, white space keeps the client waiting: every client and proxy that was tried takes it. An answer that is held
/// back grows in a file instead, with 102s.
/// </summary>
internal sealed class PropertiesWriter(IDeadProperties dead, ILocks locks, Workers workers, WebDavOptions options, TimeProvider time)
{
    private const int FirstFlushAt = 4 * 1024;
    private const int FlushAt = 32 * 1024;
    private const int SpoolInMemory = 64 * 1024;

    public async Task WriteAsync(
        HttpResponse response, DavRequest request, DavResult.Properties result, RequestReport report, CancellationToken cancellation)
    {
        await using var steps = WatchedWalk
            .StepsAsync(result.Walk, result.Operation, workers.BeginTurn(), cancellation).GetAsyncEnumerator(cancellation);
        var first = await request.KeepAlive.WhileAsync(RunAsync(result, () => BeginAsync(steps), cancellation), result.Operation);
        if (result.Held)
        {
            await using var spool = new FileBufferingWriteStream(SpoolInMemory, bufferLimit: null, () => options.SpoolDirectory);
            await request.KeepAlive.WhileAsync(
                RunAsync(result, async () =>
                {
                    var output = PipeWriter.Create(spool, new StreamPipeWriterOptions(leaveOpen: true));
                    using var held = new SteadyBody(output, time);
                    await WriteAllAsync(held, Begin(held, request), request, result, first, steps, cancellation);
                    await output.CompleteAsync();
                    return true;
                }, cancellation),
                result.Operation);
            StartResponse(response, request, first[0].Entry);
            response.ContentLength = spool.Length;
            await spool.DrainBufferAsync(response.BodyWriter, cancellation);
            return;
        }

        StartResponse(response, request, first[0].Entry);
        if (request.Depth == Depth.Infinity)
        {
            response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep the few bytes of a stalling walk back
        }

        using var body = new SteadyBody(response.BodyWriter, time);
        var writer = Begin(body, request); // white space before the XML declaration would be an error
        var writing = RunAsync(result, async () =>
        {
            await WriteAllAsync(body, writer, request, result, first, steps, cancellation);
            return true;
        }, cancellation);
        await body.WhileAsync(writing, request.KeepAlive.Pace, () => report.IsStreamed = true, cancellation);
    }

    // On its own, as the store may hold the thread; a deep walk among others that are long.
    private Task<T> RunAsync<T>(DavResult.Properties result, Func<Task<T>> work, CancellationToken cancellation) =>
        result.Operation is null ? Task.Run(work, cancellation) : workers.RunAsync(result.Walk.Root.FileSystem, work, cancellation);

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

    private static void StartResponse(HttpResponse response, DavRequest request, Entry root)
    {
        response.StatusCode = StatusCodes.Status207MultiStatus;
        response.ContentType = "application/xml; charset=utf-8";
        CollectionLocation.Write(response, request, root);
        AppliedPreferences.Write( // RFC 8144 2.1 and 4
            response.Headers,
            brief: true,
            request.Prefer.ReturnMinimal ? AppliedPreferences.Minimal : null,
            request.Prefer.DepthNoRoot ? AppliedPreferences.DepthNoRoot : null);
    }

    private static MultiStatusWriter Begin(SteadyBody body, DavRequest request)
    {
        var writer = new MultiStatusWriter(body.Xml, request.Urls);
        writer.Start();
        return writer;
    }

    private async Task WriteAllAsync(
        SteadyBody body,
        MultiStatusWriter writer,
        DavRequest request,
        DavResult.Properties result,
        IReadOnlyList<WalkStep> first,
        IAsyncEnumerator<WalkStep> rest,
        CancellationToken cancellation)
    {
        var members = new MemberProperties(dead, request.Path);
        var reader = new PropertyReader(result.Query, request.Prefer.ReturnMinimal);
        var asks = LiveProperties.NeedState(result.Query);
        var known = asks ? await locks.AskAsync(request.Path, below: request.Depth != Depth.Zero, cancellation) : LockSet.Empty;
        var now = time.GetUtcNow();
        long flushAt = FirstFlushAt;
        for (var i = 0; i < first.Count || await rest.MoveNextAsync(); i++)
        {
            var (kind, entry, _) = i < first.Count ? first[i] : rest.Current;
            if (kind == WalkStepKind.Leave)
            {
                members.Leave(entry.Path);
            }
            else if (kind == WalkStepKind.Visit && !(result.NoRoot && entry.Path == request.Path))
            {
                // Whatever may stall comes before the turn.
                var context = new PropertyContext(entry, known.Covering(entry.Path), result.Space, request.Urls, now);
                var own = asks ? await members.ReadAsync(entry.Path, cancellation) : [];
                await body.TakeTurnAsync(cancellation);
                try
                {
                    reader.Write(writer, context, own);
                    if (body.Xml.Length > flushAt)
                    {
                        flushAt = body.Xml.Length + FlushAt;
                        await body.FlushAsync(cancellation);
                    }
                }
                finally
                {
                    body.EndTurn();
                }
            }
        }

        await body.TakeTurnAsync(cancellation);
        writer.End();
        await body.FlushAsync(cancellation);
        body.EndTurn();
    }
}
