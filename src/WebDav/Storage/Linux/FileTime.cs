using System.Runtime.InteropServices;

namespace WebDav.Storage.Linux;

/// <summary>A point in time as the kernel keeps it: timespec(3type).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileTime(long Seconds, long Nanoseconds)
{
    /// <summary>In place of a time: leave it as it is (utimensat(2), UTIME_OMIT).</summary>
    public static FileTime Omit => new(0, (1L << 30) - 2);

    /// <summary>A date as a file's time.</summary>
    public static FileTime From(DateTimeOffset date)
    {
        var ticks = date.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0
            ? new FileTime(seconds - 1, (rest + TimeSpan.TicksPerSecond) * TimeSpan.NanosecondsPerTick)
            : new FileTime(seconds, rest * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>The date, to 100 ns; a time that no calendar has (a damaged disk) becomes the nearest that one has.</summary>
    public DateTimeOffset ToDate()
    {
        const long first = -62135596800;
        const long last = 253402300799;
        var seconds = Math.Clamp(Seconds, first, last);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Nanoseconds / TimeSpan.NanosecondsPerTick);
    }
}
