using WebDav.Metrics;
using WebDav.Preconditions;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Scheduling;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>
/// What PUT and PATCH do alike: the body goes beside the file; only when all of it is there, and locks and conditions still hold,
/// it becomes the file, or its part of it. A cut-off upload leaves the old content, and a reader sees the old file or the new one.
/// </summary>
internal sealed class ContentUpdate(
    IStore store, PreconditionGate gate, IDeadProperties properties, Workers workers, WebDavMetrics metrics)
{
    private static readonly DavFault IsCollection = new(405, "a collection has no content to replace (RFC 4918 9.7.2)");

    /// <summary>Receives the body and publishes it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="place">Which part of the file the body is; null for all of it.</param>
    /// <param name="cancellation">Ends it; the file is then as it was.</param>
    public async ValueTask<DavResult> RunAsync(DavRequest request, BodyPlace? place, CancellationToken cancellation)
    {
        var modified = XOcMtimeHeader.Parse(request.Headers["X-OC-Mtime"]);
        var announced = request.Body.Length ?? ExpectedLengthHeader.Parse(request.Headers["X-Expected-Entity-Length"]);
        WriteIntent[] writes = [WriteIntent.Resource(request.Path), WriteIntent.Entering(request.Path)];

        // What is here already is received under the lease. What has yet to come is not: others would wait for this client. But it is
        // asked for only if it would be admitted now.
        var here = request.Body.IsHere();
        await using var first = here ? await gate.AdmitAsync(request.Gate, writes, cancellation) : await gate.CheckAsync(request.Gate, writes, cancellation);
        if (await RefuseAsync(request, first, place, announced, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (!here && announced > (await store.SpaceAsync(request.Path, cancellation)).Available)
        {
            return StoreFault.NoSpace.ToDavFault();
        }

        await using var upload = await store.UploadAsync(request.Path, cancellation);
        await ReceiveAsync(request.Body, upload, place?.Length ?? announced, cancellation);
        if (announced is not null && upload.Length != announced)
        {
            return new DavFault(400, $"the body has {upload.Length} bytes, not {announced} as was announced");
        }

        await using var second = here ? null : await gate.AdmitAsync(request.Gate, writes, cancellation);
        if (second is not null && await RefuseAsync(request, second, place, upload.Length, cancellation) is { } late)
        {
            return late;
        }

        var admission = second ?? first;
        if (place is not null && admission.Target is { } old && await MergeAsync(request, upload, old, place, cancellation) is { } noRoom)
        {
            return noRoom;
        }

        if (admission.Target is null)
        {
            // Of a file that was removed behind the server's back. If that fails, nothing has happened.
            await properties.DeleteAsync(request.Path, cancellation);
        }

        return await PublishAsync(upload, admission.Target is null, modified, cancellation);
    }

    private static async ValueTask<DavResult> PublishAsync(IUpload upload, bool isNew, DateTimeOffset? modified, CancellationToken cancellation)
    {
        try
        {
            var entry = await upload.PublishAsync(replace: true, modified, cancellation);
            return new DavResult.Done(isNew ? 201 : 204, entry.ETag, ModifiedAccepted: modified is not null);
        }
        catch (StoreException came) when (came.Fault == StoreFault.AlreadyExists)
        {
            return IsCollection; // another program has made it meanwhile
        }
    }

    private async ValueTask<DavResult?> RefuseAsync(
        DavRequest request, Admission admission, BodyPlace? place, long? bytes, CancellationToken cancellation)
    {
        if (admission.Target is { IsCollection: true } || request.Path.IsRoot)
        {
            return IsCollection;
        }

        if (admission.Target is null && request.TrailingSlash)
        {
            return new DavFault(409, "a URL that ends in a slash names a collection, which MKCOL makes");
        }

        if (!admission.IsGranted)
        {
            return await Representation.OfAsync(store, request, admission, cancellation) ?? admission.ToResult();
        }

        var misfit = place?.In(admission.Target?.Length ?? 0).Fault ?? (bytes is { } length ? place?.Mismatch(length) : null);
        return misfit is null ? null : new DavResult.Refused(misfit);
    }

    private async ValueTask ReceiveAsync(RequestBody body, IUpload upload, long? most, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await body.Pipe.ReadAsync(cancellation);
            await upload.WriteAsync(read.Buffer, cancellation);
            metrics.Received(read.Buffer.Length);
            body.Pipe.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || upload.Length > most)
            {
                break;
            }
        }
    }

    // Under the lease: what others append at the same time is neither lost nor overwritten.
    private async ValueTask<DavResult?> MergeAsync(
        DavRequest request, IUpload upload, Entry old, BodyPlace place, CancellationToken cancellation)
    {
        var offset = place.In(old.Length).Offset;
        if (offset > old.Length
            && offset - old.Length > (await store.SpaceAsync(request.Path, cancellation)).Available - upload.Length)
        {
            return StoreFault.NoSpace.ToDavFault();
        }

        if (offset > 0 || upload.Length < old.Length)
        {
            await request.KeepAlive.WhileAsync(workers.RunAsync(
                old.FileSystem,
                async () =>
                {
                    await upload.MergeAsync(offset, cancellation);
                    return true;
                },
                cancellation));
        }

        return null;
    }
}
