using WebDav.Progress;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Progress;

public sealed class KeepAliveEmitterTests
{
    private static readonly KeepAlivePace Pace = new(100, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));

    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource<string> _work = new();
    private readonly RecordedInterim _interim;
    private int _sent;

    public KeepAliveEmitterTests() => _interim = new RecordedInterim(_time);

    [Fact]
    public async Task The_first_comes_after_a_while_and_then_one_every_interval()
    {
        Task<string> waiting = WhileAsync(100);
        await AdvanceAsync(9, 1, 14, 1, 15, 15);
        _work.SetResult("done");

        Assert.Equal("done", await waiting);
        Assert.Equal([10, 25, 40, 55], _interim.At);
        Assert.Equal(4, _sent);
        Assert.Equal(0, _time.Timers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_than_the_maximum_are_sent(int maximum)
    {
        Task<string> waiting = WhileAsync(maximum);
        await AdvanceAsync([10, .. Enumerable.Repeat(15, maximum - 1)]);
        _time.Advance(TimeSpan.FromHours(1));
        _work.SetResult("done");

        Assert.Equal("done", await waiting);
        Assert.Equal(maximum, _interim.At.Count);
        Assert.Equal(maximum, _sent);
    }

    [Fact]
    public async Task None_is_sent_if_the_work_is_done_before_the_first()
    {
        Task<string> waiting = WhileAsync(100);
        await AdvanceAsync(9);
        _work.SetResult("done");
        await waiting;
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(_interim.At);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task None_is_sent_if_the_work_is_done_already()
    {
        _work.SetResult("done");

        Assert.Equal("done", await WhileAsync(100));
        Assert.Equal(0, _time.Timers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task None_is_sent_if_none_is_allowed(int maximum)
    {
        Task<string> waiting = WhileAsync(maximum);
        Assert.Equal(0, _time.Timers);
        _work.SetResult("done");

        Assert.Equal("done", await waiting);
        Assert.Empty(_interim.At);
    }

    [Fact]
    public async Task The_silence_grows_with_each()
    {
        Task<string> waiting = WhileAsync(Pace with { Maximum = 4, Growth = 2 });
        await AdvanceAsync(10, 15, 30, 60);
        _time.Advance(TimeSpan.FromHours(1));
        _work.SetResult("done");
        await waiting;

        Assert.Equal([10, 25, 55, 115], _interim.At);
    }

    [Fact]
    public async Task What_was_given_before_counts()
    {
        Task<string> waiting = WhileAsync(Pace with { Maximum = 4, Growth = 2 }, given: 2);
        await AdvanceAsync(10, 60);
        _time.Advance(TimeSpan.FromHours(1));
        _work.SetResult("done");
        await waiting;

        Assert.Equal([10, 70], _interim.At);
    }

    [Fact]
    public async Task One_that_could_not_be_sent_is_not_counted_and_tried_again_an_interval_later()
    {
        _interim.Refuses = 2;
        Task<string> waiting = WhileAsync(2);
        await AdvanceAsync(10, 15, 15, 15);
        _time.Advance(TimeSpan.FromHours(1));
        _work.SetResult("done");
        await waiting;

        Assert.Equal([10, 25, 40, 55], _interim.At);
        Assert.Equal(2, _sent);
    }

    [Fact]
    public async Task One_that_is_being_sent_has_left_before_it_returns()
    {
        TaskCompletionSource leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool left = false;
        _interim.Sending = async () =>
        {
            leaving.SetResult();
            await Task.Delay(100);
            left = true;
        };
        Task<string> waiting = WhileAsync(100);
        await _time.WaitForTimersAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await leaving.Task;
        _work.SetResult("done");

        await waiting;

        Assert.True(left);
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task Work_that_fails_fails_after_the_last_one_has_left()
    {
        bool left = false;
        _interim.Sending = async () =>
        {
            _work.TrySetException(new InvalidOperationException("as the test asked"));
            await Task.Delay(100);
            left = true;
        };
        Task<string> waiting = WhileAsync(100);
        await _time.WaitForTimersAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);

        Assert.True(left);
        Assert.Equal(1, _sent); // they were sent, whatever became of the work
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Work_that_is_cancelled_is_not_taken_for_the_end_of_the_ticking()
    {
        Task<string> waiting = WhileAsync(100);
        await AdvanceAsync(10);
        _work.SetCanceled();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, _sent);
    }

    private Task<string> WhileAsync(int maximum) => WhileAsync(Pace with { Maximum = maximum });

    private Task<string> WhileAsync(KeepAlivePace pace, int given = 0) => new KeepAliveEmitter(_time).WhileAsync(
        _work.Task,
        pace,
        async cancellation =>
        {
            bool sent = await _interim.SendProcessingAsync([], cancellation);
            _sent += sent ? 1 : 0;
            return sent;
        },
        given);

    private async Task AdvanceAsync(params int[] seconds)
    {
        foreach (int some in seconds)
        {
            await _time.WaitForTimersAsync();
            _time.Advance(TimeSpan.FromSeconds(some));
        }
    }

    private sealed class RecordedInterim(ManualTime time) : IInterimResponse
    {
        private readonly DateTimeOffset _begin = time.GetUtcNow();

        /// <summary>When each was asked for, in seconds from the start.</summary>
        public List<int> At { get; } = [];

        /// <summary>How many are refused first.</summary>
        public int Refuses { get; set; }

        /// <summary>What sending one takes.</summary>
        public Func<Task> Sending { get; set; } = () => Task.CompletedTask;

        public async ValueTask<bool> SendProcessingAsync(IReadOnlyList<KeyValuePair<string, string>> fields, CancellationToken cancellation)
        {
            At.Add((int)(time.GetUtcNow() - _begin).TotalSeconds);
            await Sending();
            return Refuses-- <= 0;
        }
    }
}
