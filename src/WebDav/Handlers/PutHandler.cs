using Microsoft.Net.Http.Headers;
using WebDav.Preconditions;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>
/// PUT (RFC 9110 9.3.4, RFC 4918 9.7). The body goes beside the file; only when all of it is there, and locks and conditions still
/// hold, it becomes the file. A cut-off upload leaves the old content.
/// </summary>
internal sealed class PutHandler(IStore store, PreconditionGate gate, IDeadProperties properties) : IMethodHandler
{
    public async ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation)
    {
        if (request.Headers.ContainsKey(HeaderNames.ContentRange))
        {
            return new DavFault(400, "Content-Range is for parts of a resource, which PUT does not write (RFC 9110 14.5)");
        }

        var modified = XOcMtimeHeader.Parse(request.Headers["X-OC-Mtime"]);
        WriteIntent[] writes = [WriteIntent.Resource(request.Path), WriteIntent.Entering(request.Path)];
        using (var early = await gate.CheckAsync(request.Gate, writes, cancellation))
        {
            if (Refuse(request, early) is { } refusal)
            {
                return refusal;
            }
        }

        if (request.Body.Length > (await store.SpaceAsync(request.Path, cancellation)).Available)
        {
            return StoreFault.NoSpace.ToDavFault();
        }

        await using var upload = await store.UploadAsync(request.Path, cancellation);
        await ReceiveAsync(request.Body, upload, cancellation);

        using var admission = await gate.AdmitAsync(request.Gate, writes, cancellation);
        if (Refuse(request, admission) is { } late)
        {
            return late;
        }

        var entry = await upload.PublishAsync(replace: true, modified, cancellation);
        if (admission.Target is null)
        {
            await properties.DeleteAsync(request.Path, CancellationToken.None); // Of a file that was removed behind the server's back.
        }

        return new DavResult.Done(admission.Target is null ? 201 : 204, entry.ETag, ModifiedAccepted: modified is not null);
    }

    private static DavResult? Refuse(DavRequest request, Admission admission)
    {
        if (admission.Target is { IsCollection: true } || request.Path.IsRoot)
        {
            return new DavFault(405, "a collection has no content to replace (RFC 4918 9.7.2)");
        }

        if (admission.Target is null && request.TrailingSlash)
        {
            return new DavFault(409, "a URL that ends in a slash names a collection, which MKCOL makes");
        }

        return admission.IsGranted ? null : admission.ToResult();
    }

    private static async ValueTask ReceiveAsync(RequestBody body, IUpload upload, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await body.Pipe.ReadAsync(cancellation);
            await upload.WriteAsync(read.Buffer, cancellation);
            body.Pipe.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        if (body.Length is { } announced && upload.Length != announced)
        {
            throw DavFaultException.BadRequest($"the body has {upload.Length} bytes, not {announced} as was announced");
        }
    }
}
