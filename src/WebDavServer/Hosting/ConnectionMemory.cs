using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace WebDavServer.Hosting;

/// <summary>
/// The memory that connections receive into and send from. Kestrel's own blocks have 4 KiB, so that an upload costs it as many system
/// calls and wake-ups as it has pages. The block that was given back last is given out first, while it is still in the processor's
/// cache: small requests do not pay for the size. A connection that is idle holds none.
/// </summary>
internal sealed class ConnectionMemory : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Whatever less is asked for, this is what there is.</summary>
    public const int BlockSize = 64 * 1024;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockSize));

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // What it hands out belongs to the process.
    }
}
