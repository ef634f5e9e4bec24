namespace WebDav.Protocol.Headers;

/// <summary>What <see cref="RangeHeader"/> decided.</summary>
/// <param name="Kind">Which answer.</param>
/// <param name="Ranges">The parts to send, in the order asked for; empty unless <see cref="RangeKind.Partial"/>.</param>
internal sealed record RangeOutcome(RangeKind Kind, IReadOnlyList<ByteRange> Ranges)
{
    /// <summary>The whole representation.</summary>
    public static RangeOutcome Whole { get; } = new(RangeKind.Whole, []);

    /// <summary>416.</summary>
    public static RangeOutcome Unsatisfiable { get; } = new(RangeKind.Unsatisfiable, []);
}
