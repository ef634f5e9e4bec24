namespace WebDav.Protocol.Headers;

/// <summary>Where COPY and MOVE write to (RFC 4918 10.3).</summary>
/// <param name="Path">The place below the served root.</param>
/// <param name="TrailingSlash">Whether it was written as URLs of collections are, with a slash at its end.</param>
internal sealed record Destination(DavPath Path, bool TrailingSlash);
