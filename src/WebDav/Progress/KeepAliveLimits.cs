namespace WebDav.Progress;

/// <summary>How many <c>102 Processing</c> a client or a proxy takes for one request, and at what pace it is sent them.</summary>
internal sealed record KeepAliveLimits
{
    /// <summary>
    /// How many bytes of interim responses any client takes: .NET gives up at 64 KB of them, curl at 300 KB.
    /// </summary>
    public const int CommonBytes = 48 * 1024;

    /// <summary>One that takes 102s without end.</summary>
    public static KeepAliveLimits None { get; } = new();

    /// <summary>One that takes the first 102 for the final answer.</summary>
    public static KeepAliveLimits Misread { get; } = new() { Allowed = false };

    /// <summary>Whether it can be sent any.</summary>
    public bool Allowed { get; init; } = true;

    /// <summary>Most for one request.</summary>
    public int Maximum { get; init; } = int.MaxValue;

    /// <summary>Silence before the first; null for that of all.</summary>
    public TimeSpan? First { get; init; }

    /// <summary>Silence between the first and the second; null for that of all.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The factor by which the silence grows with each further one; null for 1.</summary>
    public double? Growth { get; init; }

    /// <summary>Most bytes of all for one request, as <see cref="InterimSize"/> counts them.</summary>
    public int MaximumBytes { get; init; } = CommonBytes;
}
