using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>
/// The conditional header fields of HTTP (RFC 9110 13.1), but for <c>If-Range</c>, which belongs to <see cref="RangeHeader"/>.
/// </summary>
/// <param name="IfMatch">The states in which alone the request is to be carried out.</param>
/// <param name="IfNoneMatch">The states in which it is not.</param>
/// <param name="IfModifiedSince">GET only what was modified later.</param>
/// <param name="IfUnmodifiedSince">Only if it was not modified later.</param>
internal sealed record ConditionalHeaders(
    EntityTagList? IfMatch, EntityTagList? IfNoneMatch, DateTimeOffset? IfModifiedSince, DateTimeOffset? IfUnmodifiedSince)
{
    /// <summary>No condition at all.</summary>
    public static ConditionalHeaders None { get; } = new(null, null, null, null);

    /// <summary>Whether there is no condition.</summary>
    public bool IsEmpty => IfMatch is null && IfNoneMatch is null && IfModifiedSince is null && IfUnmodifiedSince is null;

    /// <summary>Reads the fields of a request.</summary>
    /// <exception cref="DavFaultException">400: entity tags that cannot be understood.</exception>
    public static ConditionalHeaders Parse(IHeaderDictionary headers)
    {
        var parsed = new ConditionalHeaders(
            EntityTagList.Parse(headers.IfMatch, HeaderNames.IfMatch),
            EntityTagList.Parse(headers.IfNoneMatch, HeaderNames.IfNoneMatch),
            Date(headers.IfModifiedSince),
            Date(headers.IfUnmodifiedSince));
        return parsed.IsEmpty ? None : parsed;
    }

    // What is not one valid date must be ignored, RFC 9110 13.1.3 and 13.1.4 say.
    private static DateTimeOffset? Date(StringValues values) =>
        values.Count == 1 && HeaderUtilities.TryParseDate(values.ToString(), out var date) ? date : null;
}
