using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace WebDavServer.Hosting.Stalling;

/// <summary>The bodies of one exchange, each bounded from its first use on.</summary>
internal sealed class BoundedBodies(
    IRequestBodyPipeFeature request, IHttpResponseBodyFeature response, TimeSpan longest, TimeProvider time, Action takesNothing)
    : IRequestBodyPipeFeature, IHttpResponseBodyFeature, IDisposable
{
    private readonly ClientWait _taking = new(longest, time, takesNothing);
    private BoundedReader? _reader;
    private BoundedWriter? _writer;

    /// <inheritdoc/>
    public PipeReader Reader => _reader ??= new(request.Reader, longest, time);

    /// <inheritdoc/>
    public PipeWriter Writer => _writer ??= new(response.Writer, _taking);

    /// <inheritdoc/>
    public Stream Stream => Writer.AsStream(leaveOpen: true);

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        response.SendFileAsync(path, offset, count, cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => response.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => response.CompleteAsync();

    /// <inheritdoc/>
    public void DisableBuffering() => response.DisableBuffering();

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _taking.Dispose();
    }
}
