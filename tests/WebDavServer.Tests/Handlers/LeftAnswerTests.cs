using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>A client that goes away in the middle of an answer, when only the connection's writer knows it by now.</summary>
public sealed class LeftAnswerTests
{
    [Fact]
    public async Task It_is_no_fault_of_the_server()
    {
        TempTree tree = new();
        tree.AddFile("large", new string('x', 2_000_000));
        await using ServerFixture server = await ServerFixture.StartAsync(
            endpoints: app => app.Use((context, next) =>
            {
                context.Features.Set<IHttpResponseBodyFeature>(new LeftBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
                return next(context);
            }),
            tree: tree);
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync("GET", "/large");

        await Assert.ThrowsAnyAsync<IOException>(() => connection.ReadFinalAsync());

        await server.Log.WaitForRequestsAsync(1);
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Contains("the client went away", server.Log.Requests[0].Text, StringComparison.Ordinal);
    }

    private sealed class LeftBody(IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature
    {
        public Stream Stream => Writer.AsStream();

        public PipeWriter Writer { get; } = new LeftWriter(inner.Writer);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();

        public void DisableBuffering() => inner.DisableBuffering();
    }

    // Says after each flush what Kestrel says when the connection is gone.
    private sealed class LeftWriter(PipeWriter inner) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await inner.FlushAsync(cancellationToken);
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
    }
}
