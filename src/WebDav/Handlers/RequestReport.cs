namespace WebDav.Handlers;

/// <summary>What the request log says beyond status and duration. The host sets it as a feature of the request; the endpoint fills it.</summary>
public sealed class RequestReport
{
    /// <summary>Why the request was refused or failed, for the log; null for success.</summary>
    public string? Reason { get; set; }

    /// <summary>How many <c>102 Processing</c> were sent.</summary>
    public int InterimResponses { get; set; }

    /// <summary>By which rule 102s were sent or not; null where the question did not come up.</summary>
    public string? KeepAliveRule { get; set; }

    /// <summary>Whether the request waited long enough for a 102.</summary>
    public bool HasWaited { get; set; }

    /// <summary>Whether the answer was begun before its end was known, and white space kept its client waiting.</summary>
    public bool IsStreamed { get; set; }

    /// <summary>The status that a streamed answer tells at its end of what was asked for; null where its own says all.</summary>
    public int? StreamedStatus { get; set; }
}
