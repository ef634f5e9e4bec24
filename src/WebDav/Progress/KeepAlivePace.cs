namespace WebDav.Progress;

/// <summary>How many signs of life one request gets at most, and when.</summary>
/// <param name="Maximum">How many; 0 for none.</param>
/// <param name="First">Silence before the first.</param>
/// <param name="Interval">Silence between the first and the second.</param>
/// <param name="Growth">The factor by which it grows with each further one.</param>
/// <param name="MaximumBytes">Most bytes of all 102s together.</param>
internal sealed record KeepAlivePace(
    int Maximum, TimeSpan First, TimeSpan Interval, double Growth = 1, int MaximumBytes = KeepAliveLimits.CommonBytes)
{
    // What grows reaches at last what no clock can wait for; and nobody waits for what comes after a day.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The silence after so many.</summary>
    public TimeSpan SilenceAfter(int sent)
    {
        var grown = Interval.TotalSeconds * Math.Pow(Growth, Math.Max(0, sent - 1));
        return Growth > 1 && grown > Longest.TotalSeconds ? Interval > Longest ? Interval : Longest : TimeSpan.FromSeconds(grown);
    }
}
