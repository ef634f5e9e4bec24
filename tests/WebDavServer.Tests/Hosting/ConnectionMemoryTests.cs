using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WebDavServer.Hosting;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

/// <summary>What an upload is received into.</summary>
public sealed class ConnectionMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_comes_in_large_blocks(bool https)
    {
        int longest = 0;
        await using ServerFixture server = await ServerFixture.StartAsync(https: https, endpoints: app => app.Run(async context =>
        {
            PipeReader body = context.Request.BodyReader;
            ReadResult read = await body.ReadAtLeastAsync(4 * ConnectionMemory.BlockSize, context.RequestAborted);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                longest = Math.Max(longest, segment.Length);
            }

            body.AdvanceTo(read.Buffer.End);
        }));

        using HttpResponseMessage answer = await server.Client.PutAsync("/a", new ByteArrayContent(new byte[4 * ConnectionMemory.BlockSize]));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.InRange(longest, ConnectionMemory.BlockSize / 2, ConnectionMemory.BlockSize);
    }

    [Fact]
    public void When_many_blocks_are_out_the_next_ones_are_small()
    {
        using ConnectionMemory memory = new();
        List<System.Buffers.IMemoryOwner<byte>> large = [.. Enumerable.Range(0, ConnectionMemory.MostLarge).Select(_ => memory.Rent(1))];
        using var small = memory.Rent(1);
        large[0].Dispose();
        large[0].Dispose(); // The second time it is nobody's any more.
        using var again = memory.Rent(1);
        using var next = memory.Rent(1);

        Assert.All(large[1..], block => Assert.Equal(ConnectionMemory.BlockSize, block.Memory.Length));
        Assert.Equal(ConnectionMemory.BlockSize, again.Memory.Length);
        Assert.Equal((ConnectionMemory.SmallBlockSize, ConnectionMemory.SmallBlockSize), (small.Memory.Length, next.Memory.Length));
        Assert.Throws<ObjectDisposedException>(() => large[0].Memory);
        large.ForEach(block => block.Dispose());
    }

    [Fact]
    public void More_than_a_block_can_be_asked_for()
    {
        using ConnectionMemory memory = new();
        using var more = memory.Rent(ConnectionMemory.BlockSize + 1);

        Assert.True(more.Memory.Length > ConnectionMemory.BlockSize);
    }
}
