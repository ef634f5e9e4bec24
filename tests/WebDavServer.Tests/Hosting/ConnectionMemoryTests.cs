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
    public void More_than_a_block_can_be_asked_for()
    {
        using ConnectionMemory memory = new();
        using var more = memory.Rent(ConnectionMemory.BlockSize + 1);

        Assert.True(more.Memory.Length > ConnectionMemory.BlockSize);
    }
}
