using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace WebDavServer.Hosting;

/// <summary>A response body that counts its bytes, for the request log.</summary>
internal sealed class CountedBody(IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature
{
    private CountedWriter? _writer;
    private long _sentFromFiles;

    /// <summary>How many bytes were given to the server so far.</summary>
    public long Bytes => _sentFromFiles + (_writer?.Bytes ?? 0);

    /// <inheritdoc/>
    public Stream Stream => Writer.AsStream(leaveOpen: true);

    /// <inheritdoc/>
    public PipeWriter Writer => _writer ??= new(inner.Writer);

    /// <inheritdoc/>
    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        await inner.SendFileAsync(path, offset, count, cancellationToken);
        _sentFromFiles += count ?? new FileInfo(path).Length - offset;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => inner.CompleteAsync();

    /// <inheritdoc/>
    public void DisableBuffering() => inner.DisableBuffering();
}
