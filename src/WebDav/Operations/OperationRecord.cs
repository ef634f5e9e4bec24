using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>An operation as it is told and kept: everything that anybody may ask of it, at one moment.</summary>
internal sealed record OperationRecord
{
    public required Guid Id { get; init; }

    public required string Method { get; init; }

    /// <summary>The resource it works on, decoded.</summary>
    public required string Source { get; init; }

    /// <summary>Where it copies or moves to, decoded; null for other methods.</summary>
    public string? Destination { get; init; }

    public required Depth Depth { get; init; }

    /// <summary>Name of its user; null for anonymous.</summary>
    public string? User { get; init; }

    public required OperationState State { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public long Items { get; init; }

    public long? TotalItems { get; init; }

    public long Bytes { get; init; }

    public long? TotalBytes { get; init; }

    /// <summary>How many members failed.</summary>
    public long Failed { get; init; }

    /// <summary>The resource worked on last, decoded.</summary>
    public string? Current { get; init; }

    /// <summary>The final status; null while it is at work.</summary>
    public int? Status { get; init; }

    /// <summary>Why the whole failed; null if it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>The condition element that goes with the reason, or null.</summary>
    public string? Condition { get; init; }

    /// <summary>The resources that the condition names, decoded; null for none.</summary>
    public IReadOnlyList<string>? Hrefs { get; init; }

    /// <summary>The members that failed.</summary>
    public IReadOnlyList<FailedMember> Failures { get; init; } = [];

    /// <summary>The token of the lock that was granted; null for other methods.</summary>
    public string? LockToken { get; init; }

    /// <summary>Which version of the operation this is: it grows with every step and change of state.</summary>
    public long Version { get; init; }

    /// <summary>The record of an operation as it is now.</summary>
    public static OperationRecord Of(Operation operation)
    {
        // Before the progress: that may be newer than the version says, but never older, and moves no more after the end.
        var (version, state, end) = operation.Now;
        var progress = operation.Progress.Snapshot;
        var result = end?.Result;
        return new OperationRecord
        {
            Id = operation.Id,
            Method = operation.Key.Method,
            Source = operation.Key.Source.Value,
            Destination = operation.Key.Destination?.Value,
            Depth = operation.Key.Depth,
            User = operation.Key.User,
            State = state,
            Started = operation.Started,
            Ended = end?.At,
            Items = progress.Items,
            TotalItems = progress.TotalItems,
            Bytes = progress.Bytes,
            TotalBytes = progress.TotalBytes,
            Failed = progress.Failures,
            Current = progress.Current.Value,
            Status = result?.Status,
            Reason = result?.Fault?.Reason,
            Condition = result?.Fault?.Condition,
            Hrefs = FailedMember.Values(result?.Fault?.Hrefs ?? []),
            Failures = [.. result?.Failures.Select(FailedMember.Of) ?? []],
            LockToken = result?.Lock?.Uri,
            Version = version,
        };
    }

    /// <summary>The result, as the request would have had it.</summary>
    public OperationResult? ToResult() =>
        Status is not { } status ? null
        : Reason is not null ? OperationResult.Failed(new DavFault(status, Reason, Condition) { Hrefs = FailedMember.Paths(Hrefs) })
        : Failures.Count > 0 ? OperationResult.PartlyFailed([.. Failures.Select(failure => failure.ToFault())])
        : OperationResult.Success(status, LockToken is null ? null : new LockToken(LockToken));
}
