namespace WebDav.Operations;

/// <summary>How and when an operation ended: told as one, so that nobody sees half of it.</summary>
/// <param name="State">One of the states that are an end.</param>
/// <param name="Result">What its request is answered.</param>
/// <param name="At">When, UTC.</param>
internal sealed record OperationEnd(OperationState State, OperationResult Result, DateTimeOffset At);
