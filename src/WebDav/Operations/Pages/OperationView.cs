using System.Text.Json;
using System.Text.Json.Serialization;
using WebDav.Protocol;

namespace WebDav.Operations.Pages;

/// <summary>An operation as its page shows it, in JSON.</summary>
internal sealed record OperationView(
    Guid Id,
    string Method,
    string Source,
    string? Destination,
    string Depth,
    string? User,
    string State,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    ProgressView Progress,
    int? Status,
    string? Reason,
    IReadOnlyList<FailureView>? Failures,
    LinksView Links)
{
    /// <summary>The view of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="urls">Makes every link.</param>
    /// <param name="now">The time of the request.</param>
    public static OperationView Of(OperationRecord record, UrlSpace urls, DateTimeOffset now)
    {
        var self = OperationLinks.Self(urls, record.Id);
        return new OperationView(
            record.Id,
            record.Method,
            Href(record.Source, urls),
            record.Destination is null ? null : Href(record.Destination, urls),
            record.Depth == Protocol.Depth.Infinity ? "infinity" : record.Depth == Protocol.Depth.One ? "1" : "0",
            record.User,
            JsonNamingPolicy.CamelCase.ConvertName(record.State.ToString()),
            record.Started,
            record.Ended,
            ProgressView.Of(record, urls, now),
            record.Status,
            record.Reason,
            [.. record.Failures.Select(failure => new FailureView(Href(failure.Path, urls), failure.Status, failure.Reason))],
            new LinksView(self, self + "/result", self + "/events", self + "/socket"));
    }

    /// <summary>The view as JSON text in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ViewJson.Default.OperationView);

    private static string Href(string path, UrlSpace urls) => urls.Href(DavPath.FromValue(path));
}
