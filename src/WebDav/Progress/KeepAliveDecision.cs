namespace WebDav.Progress;

/// <summary>How a request is kept alive, and why.</summary>
/// <param name="Rule">The rule that decided on <c>102 Processing</c>, for the log.</param>
/// <param name="Pace">How many it gets, and when. Where it gets none, the times hold for what a streamed answer does instead.</param>
internal sealed record KeepAliveDecision(string Rule, KeepAlivePace Pace)
{
    /// <summary>Whether they have to go without fields.</summary>
    public bool Bare { get; init; }

    /// <summary>Whether the 207 of a COPY, MOVE or DELETE may begin before its end is known, as it gets no 102s.</summary>
    public bool AnswersEarly { get; init; }
}
