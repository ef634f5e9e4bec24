namespace WebDav.Protocol.Headers;

/// <summary>Which part of a file the body of a request is (PATCH, or PUT with <c>Content-Range</c>).</summary>
/// <param name="First">Offset of its first byte; null where that is counted from the end.</param>
/// <param name="FromEnd">How many bytes before the end it begins, where <paramref name="First"/> is null; 0 to append.</param>
/// <param name="Length">How many bytes the body must have; null for any number.</param>
internal sealed record BodyPlace(long? First, long FromEnd, long? Length)
{
    /// <summary>Length that the whole file is meant to have in the end, of which it may have less yet; null where that was not said.</summary>
    public long? Total { get; init; }

    /// <summary>Whether it may begin beyond the end: zeros are between then.</summary>
    public bool MayLeaveGap { get; init; }

    /// <summary>Where the body goes in a file of a certain length.</summary>
    /// <returns>The offset of its first byte, or the fault, 416, of a part that does not fit (RFC 9110 15.5.17).</returns>
    public (long Offset, DavFault? Fault) In(long current)
    {
        var offset = First ?? current - FromEnd;
        return offset < 0 ? Misfit($"the file has only {current} bytes")
            : offset > current && !MayLeaveGap ? Misfit($"the part begins at {offset}, and the file has only {current} bytes")
            : current > Total ? Misfit($"the file has {current} bytes already, and is to have {Total}")
            : (offset, null);
    }

    /// <summary>The fault of a body that cannot be the part it is said to be, or null.</summary>
    /// <param name="bytes">How many it has.</param>
    public DavFault? Mismatch(long bytes) =>
        Length is { } wanted && wanted != bytes ? Misfit($"the body has {bytes} bytes, and the part it is said to be {wanted}").Fault : null;

    private static (long Offset, DavFault? Fault) Misfit(string reason) => (0, new DavFault(416, reason));
}
