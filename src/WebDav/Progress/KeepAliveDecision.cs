namespace WebDav.Progress;

/// <summary>Whether a request gets <c>102 Processing</c>, and why.</summary>
/// <param name="Maximum">How many at most; 0 for none.</param>
/// <param name="Rule">The rule that decided, for the log.</param>
internal readonly record struct KeepAliveDecision(int Maximum, string Rule);
