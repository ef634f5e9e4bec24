using System.Buffers;
using System.IO.Pipelines;
using WebDavServer.Hosting.Interim;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>The output of a connection, with what is slipped in and what is left out, call by call.</summary>
public sealed class Http2OutputTests
{
    private static readonly byte[] Slipped = Http2InterimFrame.Of(1, []);
    private static readonly byte[] Body = Http2Frame.Write(Http2Frame.Data, 0, 3, new byte[20]);
    private static readonly byte[] Head = Http2Frame.Write(Http2Frame.Headers, 0x4, 1, new byte[20]);

    private readonly Pipe _pipe = new(new(pauseWriterThreshold: 30, resumeWriterThreshold: 10, useSynchronizationContext: false));
    private readonly Http2Output _output;

    public Http2OutputTests()
    {
        _output = new(_pipe.Writer);
        _output.Open(1);
    }

    [Fact]
    public async Task A_frame_stands_between_those_of_the_server()
    {
        _output.Write(Http2Frame.Write(Http2Frame.Ping, 1, 0, new byte[8]));
        Assert.True(await ReadAlongAsync(() => _output.SendAsync(1, Slipped), [.. Http2Frame.Write(Http2Frame.Ping, 1, 0, new byte[8]), .. Slipped]));
    }

    [Fact]
    public async Task Inside_a_frame_it_is_left_out()
    {
        _output.Write(Body.AsSpan(0, 12));
        Assert.False(await _output.SendAsync(1, Slipped));
        _output.Write(Body.AsSpan(12));
        Assert.True(await ReadAlongAsync(() => _output.SendAsync(1, Slipped), [.. Body, .. Slipped]));
    }

    [Fact]
    public async Task Between_GetMemory_and_Advance_it_is_left_out()
    {
        Memory<byte> memory = _output.GetMemory(Body.Length);
        Assert.False(await _output.SendAsync(1, Slipped));
        Body.CopyTo(memory);
        _output.Advance(Body.Length);
        Assert.True(await ReadAlongAsync(() => _output.SendAsync(1, Slipped), [.. Body, .. Slipped]));
    }

    [Fact]
    public async Task Behind_the_final_head_it_is_left_out()
    {
        _output.Write(Head);
        Assert.False(await _output.SendAsync(1, Slipped));
    }

    [Fact]
    public async Task On_a_stream_that_is_closed_or_was_never_opened_it_is_left_out()
    {
        _output.Close(1);
        Assert.False(await _output.SendAsync(1, Slipped));
        Assert.False(await _output.SendAsync(5, Slipped));
    }

    [Fact]
    public async Task While_the_server_flushes_it_is_left_out()
    {
        _output.Write(Body);
        _output.Write(Body);
        ValueTask<FlushResult> flush = _output.FlushAsync(CancellationToken.None);
        Assert.False(flush.IsCompleted);
        Assert.False(await _output.SendAsync(1, Slipped));

        Assert.Equal(Bytes(Body, Body), await ReadAsync(58));
        Assert.False((await flush).IsCompleted);
        Assert.True(await _output.SendAsync(1, Slipped));
    }

    [Fact]
    public async Task What_the_server_writes_while_a_slipped_in_frame_is_flushed_comes_behind_it()
    {
        byte[] large = Http2InterimFrame.Of(1, [new("x", new string('x', 40))]);
        Task<bool> sent = _output.SendAsync(1, large);
        Assert.False(sent.IsCompleted);

        _output.Write(Body);
        Assert.False(await _output.SendAsync(1, Slipped));
        _output.Write(Body.AsSpan(0, 10));
        Assert.Equal(39, _output.UnflushedBytes);
        ValueTask<FlushResult> flush = _output.FlushAsync(CancellationToken.None);
        Assert.False(flush.IsCompleted);
        _output.Write(Body.AsSpan(10));

        Assert.Equal(large, await ReadAsync(large.Length));
        Assert.True(await sent);
        Assert.Equal(Bytes(Body, Body), await ReadAsync(58));
        await flush;
        await _output.FlushAsync(CancellationToken.None);
        Assert.True(await _output.SendAsync(1, Slipped));
    }

    [Fact]
    public async Task A_stream_writer_is_never_written_while_it_is_flushed()
    {
        SlowStream slow = new();
        Http2Output output = new(PipeWriter.Create(slow));
        output.Open(1);

        Task<bool> sent = output.SendAsync(1, Slipped);
        output.Write(Head);
        ValueTask<FlushResult> flush = output.FlushAsync(CancellationToken.None);
        output.Write(Body);
        slow.Gate.SetResult();
        await flush;
        await output.FlushAsync(CancellationToken.None);

        Assert.True(await sent);
        Assert.Equal([.. Slipped, .. Head, .. Body], slow.Written);
    }

    [Fact]
    public async Task An_output_that_is_completed_takes_no_more()
    {
        await _output.CompleteAsync();
        Assert.False(await _output.SendAsync(1, Slipped));
        _output.Open(3);
        Assert.False(await _output.SendAsync(3, Slipped));
    }

    [Fact]
    public async Task A_client_that_is_gone_gets_nothing()
    {
        await _pipe.Reader.CompleteAsync();
        Assert.False(await _output.SendAsync(1, Slipped));
    }

    private static byte[] Bytes(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private async Task<T> ReadAlongAsync<T>(Func<Task<T>> act, byte[] expected)
    {
        Task<T> task = act();
        Assert.Equal(expected, await ReadAsync(expected.Length));
        return await task;
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        ReadResult result = await _pipe.Reader.ReadAtLeastAsync(count).AsTask().WaitAsync(RawConnection.Patience);
        byte[] bytes = result.Buffer.Slice(0, count).ToArray();
        _pipe.Reader.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }

    /// <summary>A stream that, as one of TLS, allows one write at a time; the first waits.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private int _writing;

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Written => ToArray();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.Equal(1, Interlocked.Increment(ref _writing));
            await Gate.Task;
            await base.WriteAsync(buffer, cancellationToken);
            Interlocked.Decrement(ref _writing);
        }
    }
}
