namespace WebDav.Protocol.Headers;

/// <summary>What a GET is to be answered with, as far as <c>Range</c> decides it.</summary>
internal enum RangeKind
{
    /// <summary>The whole representation: 200.</summary>
    Whole,

    /// <summary>The parts listed: 206 (RFC 9110 15.3.7).</summary>
    Partial,

    /// <summary>Nothing, since no part asked for exists: 416 (RFC 9110 15.5.17).</summary>
    Unsatisfiable,
}
