using WebDav.Protocol;

namespace WebDav.Operations.Pages;

/// <summary>How far an operation is, in JSON.</summary>
/// <param name="Items">Resources done, the failed ones among them.</param>
/// <param name="Total">Resources to do; null while that is not known.</param>
/// <param name="Bytes">Bytes copied.</param>
/// <param name="TotalBytes">Bytes of the files to do; null while that is not known.</param>
/// <param name="Failures">Resources that failed.</param>
/// <param name="Current">The resource worked on last.</param>
/// <param name="ItemsPerSecond">Resources per second since it began.</param>
/// <param name="BytesPerSecond">Bytes per second since it began.</param>
/// <param name="SecondsLeft">Estimated time left; null where it cannot be told.</param>
internal sealed record ProgressView(
    long Items,
    long? Total,
    long Bytes,
    long? TotalBytes,
    long Failures,
    string? Current,
    double ItemsPerSecond,
    double BytesPerSecond,
    double? SecondsLeft)
{
    public static ProgressView Of(OperationRecord record, UrlSpace urls, DateTimeOffset now)
    {
        var seconds = Math.Max(0.001, ((record.Ended ?? now) - record.Started).TotalSeconds);
        return new ProgressView(
            record.Items,
            record.TotalItems,
            record.Bytes,
            record.TotalBytes,
            record.Failed,
            record is { Items: 0, Bytes: 0 } ? null : urls.Href(DavPath.FromValue(record.Current ?? "")),
            Math.Round(record.Items / seconds, 1),
            Math.Round(record.Bytes / seconds, 1),
            record.Ended is null ? Left(record, seconds) : null);
    }

    // By bytes where bytes are copied, for files differ in size; else by resources.
    private static double? Left(OperationRecord record, double seconds)
    {
        var (done, total) = record is { Bytes: > 0, TotalBytes: > 0 } ? (record.Bytes, record.TotalBytes) : (record.Items, record.TotalItems);
        return done > 0 && total is { } all ? Math.Round(Math.Max(0, all - done) * seconds / done, 1) : null;
    }
}
