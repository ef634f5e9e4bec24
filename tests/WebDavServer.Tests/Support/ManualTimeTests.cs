namespace WebDavServer.Tests.Support;

public sealed class ManualTimeTests
{
    [Fact]
    public async Task Timers_fire_in_order_each_at_its_own_time()
    {
        ManualTime time = new();
        DateTimeOffset begin = time.GetUtcNow();
        List<(string Name, double At)> fired = [];
        await using ITimer every = time.CreateTimer(_ => fired.Add(("every", Elapsed())), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        await using ITimer once = time.CreateTimer(_ => fired.Add(("once", Elapsed())), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([("every", 2), ("once", 3), ("every", 4)], fired);
        Assert.Equal(5, Elapsed());
        Assert.Equal(1, time.Timers);

        double Elapsed() => (time.GetUtcNow() - begin).TotalSeconds;
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_gets_there()
    {
        ManualTime time = new();
        Task delay = Task.Delay(TimeSpan.FromSeconds(10), time);
        await time.WaitForTimersAsync();

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(delay.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
