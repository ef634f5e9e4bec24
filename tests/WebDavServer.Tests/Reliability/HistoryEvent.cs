namespace WebDavServer.Tests.Reliability;

/// <summary>One request as its client saw it. Begin and end are places in one order that all clients share.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Begin">Before the request was sent.</param>
/// <param name="End">After its answer was read.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The resource.</param>
/// <param name="Status">The answer; 0 where none came.</param>
internal sealed record HistoryEvent(int Client, long Begin, long End, string Method, string Path, int Status)
{
    /// <summary>Where a MOVE or COPY went.</summary>
    public string? Destination { get; init; }

    /// <summary>The name of the content that a PUT sent.</summary>
    public string? Wrote { get; init; }

    /// <summary>The content that a GET got.</summary>
    public string? Read { get; init; }

    /// <summary>The entity tag in the answer.</summary>
    public string? ETag { get; init; }

    /// <summary>The entity tag that the request made its condition.</summary>
    public string? IfMatch { get; init; }

    /// <summary>The lock token that a LOCK was given, an UNLOCK gave back, or another request submitted.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the server said that it was done.</summary>
    public bool IsConfirmed => Status is >= 200 and < 207;

    /// <summary>Whether it may have been done, for all the client knows.</summary>
    public bool IsPossible => IsConfirmed || Status is 0 or >= 500;

    /// <summary>The trees that it changes if it is done.</summary>
    public IEnumerable<string> Changes => (Method, Status) switch
    {
        ("PUT" or "DELETE" or "MKCOL", _) or ("LOCK", 201 or 0 or >= 500) => [Path],
        ("MOVE", _) => [Path, Destination!],
        ("COPY", _) => [Destination!],
        _ => [],
    };
}
