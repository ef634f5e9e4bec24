using WebDav.Protocol;

namespace WebDav.Progress;

/// <summary>How far a tree operation is at one moment.</summary>
/// <param name="Items">Resources done, the failed ones among them.</param>
/// <param name="Bytes">Bytes copied.</param>
/// <param name="Failures">Resources that failed.</param>
/// <param name="Current">The resource worked on last.</param>
internal readonly record struct ProgressSnapshot(long Items, long Bytes, long Failures, DavPath Current)
{
    /// <summary>How many resources there are to do; null while that is not known.</summary>
    public long? TotalItems { get; init; }

    /// <summary>How many bytes the files among them have; null while that is not known.</summary>
    public long? TotalBytes { get; init; }
}
