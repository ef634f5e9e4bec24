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
}
