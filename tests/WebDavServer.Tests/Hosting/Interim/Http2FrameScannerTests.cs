using WebDavServer.Hosting.Interim;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>RFC 9113 4: where one frame ends and another may begin, and what a frame means for its stream.</summary>
public sealed class Http2FrameScannerTests
{
    private static readonly byte[] Continue = [0x08, 0x03, (byte)'1', (byte)'0', (byte)'0'];
    private static readonly byte[] Created = [0x08, 0x03, (byte)'2', (byte)'0', (byte)'1'];

    private readonly List<int> _over = [];
    private readonly Http2FrameScanner _scanner;

    public Http2FrameScannerTests() => _scanner = new(_over.Add);

    [Fact]
    public void A_frame_can_stand_before_the_first_one() => Assert.True(_scanner.IsAtBoundary);

    [Fact]
    public void A_frame_can_stand_only_behind_a_whole_one()
    {
        byte[] frame = Http2Frame.Write(Http2Frame.Data, 0, 1, new byte[100]);
        for (int i = 0; i < frame.Length - 1; i++)
        {
            _scanner.Read(frame.AsSpan(i, 1));
            Assert.False(_scanner.IsAtBoundary);
        }

        _scanner.Read(frame.AsSpan(frame.Length - 1));
        Assert.True(_scanner.IsAtBoundary);
        Assert.Empty(_over);
    }

    [Fact]
    public void A_frame_without_payload_is_whole_with_its_head()
    {
        _scanner.Read(Http2Frame.Write(Http2Frame.Settings, 1, 0, []));
        Assert.True(_scanner.IsAtBoundary);
    }

    [Fact]
    public void Nothing_can_stand_inside_a_field_block()
    {
        _scanner.Read(Http2Frame.Write(Http2Frame.Headers, 0x1, 3, new byte[50]));
        Assert.False(_scanner.IsAtBoundary);
        _scanner.Read(Http2Frame.Write(Http2Frame.Continuation, 0, 3, new byte[50]));
        Assert.False(_scanner.IsAtBoundary);
        _scanner.Read(Http2Frame.Write(Http2Frame.Continuation, 0x4, 3, new byte[50]));
        Assert.True(_scanner.IsAtBoundary);
        Assert.Equal([3], _over);
    }

    [Fact]
    public void A_final_head_and_a_reset_are_the_end_for_their_stream()
    {
        _scanner.Read(Http2Frame.Write(Http2Frame.Headers, 0x4, 0x123457, new byte[30]));
        _scanner.Read(Http2Frame.Write(Http2Frame.Headers, 0x5, 7, Created)); // as long as an interim one
        _scanner.Read(Http2Frame.Write(Http2Frame.Headers, 0x5, 9, [0x88]));
        _scanner.Read(Http2Frame.Write(Http2Frame.ResetStream, 0, 11, new byte[4]));
        Assert.Equal([0x123457, 7, 9, 11], _over);
        Assert.True(_scanner.IsAtBoundary);
    }

    [Fact]
    public void Other_frames_and_a_100_are_not()
    {
        _scanner.Read(Http2Frame.Write(Http2Frame.Headers, 0x4, 5, Continue));
        _scanner.Read(Http2Frame.Write(Http2Frame.WindowUpdate, 0, 5, new byte[4]));
        _scanner.Read(Http2Frame.Write(Http2Frame.Ping, 1, 0, new byte[8]));
        _scanner.Read(Http2Frame.Write(Http2Frame.GoAway, 0, 0, new byte[8]));
        Assert.Empty(_over);
        Assert.True(_scanner.IsAtBoundary);
    }

    [Fact]
    public void Pieces_of_any_size_say_the_same()
    {
        Random random = new(102);
        byte[] written =
        [
            .. Http2Frame.Write(Http2Frame.Headers, 0x4, 1, Continue), .. Http2Frame.Write(Http2Frame.Headers, 0x0, 1, new byte[700]),
            .. Http2Frame.Write(Http2Frame.Continuation, 0x4, 1, new byte[70_000]), .. Http2Frame.Write(Http2Frame.Data, 0x1, 1, []),
            .. Http2Frame.Write(Http2Frame.Headers, 0x5, 3, Created), .. Http2Frame.Write(Http2Frame.ResetStream, 0, 5, new byte[4]),
        ];
        for (int round = 0; round < 200; round++)
        {
            for (int begin = 0; begin < written.Length;)
            {
                int length = Math.Min(random.Next(1, round % 2 == 0 ? 20 : 2000), written.Length - begin);
                _scanner.Read(written.AsSpan(begin, length));
                begin += length;
            }

            Assert.True(_scanner.IsAtBoundary);
            Assert.Equal([1, 3, 5], _over);
            _over.Clear();
        }
    }
}
