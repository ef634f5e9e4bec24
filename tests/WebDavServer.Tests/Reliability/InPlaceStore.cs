using System.Buffers;
using WebDav.Protocol;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>A planted fault: what is uploaded is written into the file itself, and not beside it and renamed.</summary>
internal sealed class InPlaceStore(IStore store, TempTree tree) : StoreWrapper(store)
{
    /// <inheritdoc/>
    public override async ValueTask<IUpload> UploadAsync(DavPath path, CancellationToken cancellation) =>
        new InPlaceUpload(await base.UploadAsync(path, cancellation), tree.At(path.Value.TrimStart('/')));

    private sealed class InPlaceUpload(IUpload real, string file) : IUpload
    {
        private readonly MemoryStream _bytes = new();

        public long Length => _bytes.Length;

        public ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
        {
            _bytes.Write(bytes.ToArray());
            return real.WriteAsync(bytes, cancellation);
        }

        public ValueTask MergeAsync(long offset, CancellationToken cancellation) => real.MergeAsync(offset, cancellation);

        public async ValueTask<Entry> PublishAsync(bool replace, DateTimeOffset? modified, CancellationToken cancellation)
        {
            if (File.Exists(file))
            {
                byte[] bytes = _bytes.ToArray();
                await using FileStream stream = new(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), cancellation);
                await Task.Delay(TimeSpan.FromMilliseconds(2), cancellation);
                await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2), cancellation);
            }

            return await real.PublishAsync(replace, modified, cancellation);
        }

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
