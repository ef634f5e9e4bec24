using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace WebDavServer.Hosting;

/// <summary>
/// The memory that connections receive into and send from. Kestrel's own blocks have 4 KiB, so that an upload costs it as many system
/// calls and wake-ups as it has pages. The block that was given back last is given out first, while it is still in the processor's
/// cache: small requests do not pay for the size. A connection that is idle holds none. Where many are busy at once, such as a
/// thousand that are told of their progress, the later ones get blocks of the usual size.
/// </summary>
internal sealed class ConnectionMemory : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>The size of a block, in bytes.</summary>
    public const int BlockSize = 64 * 1024;

    /// <summary>The size of a block when <see cref="MostLarge"/> of them are out, in bytes.</summary>
    public const int SmallBlockSize = 4 * 1024;

    /// <summary>How many large blocks are out at a time: enough for as many transfers as a machine does at once.</summary>
    public const int MostLarge = 64;

    private int _large;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        bool isLarge = Interlocked.Increment(ref _large) <= MostLarge;
        if (!isLarge)
        {
            Interlocked.Decrement(ref _large);
        }

        return new Block(this, ArrayPool<byte>.Shared.Rent(Math.Max(minBufferSize, isLarge ? BlockSize : SmallBlockSize)), isLarge);
    }

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // What it hands out belongs to the process.
    }

    private sealed class Block(ConnectionMemory memory, byte[] bytes, bool isLarge) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        /// <inheritdoc/>
        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                ArrayPool<byte>.Shared.Return(bytes);
                if (isLarge)
                {
                    Interlocked.Decrement(ref memory._large);
                }
            }
        }
    }
}
