using WebDav.Protocol;

namespace WebDav.Operations;

/// <summary>What makes two requests the same one: a second that comes while the first is at work joins it.</summary>
/// <param name="User">Name of the user; null for anonymous.</param>
/// <param name="Method">The method.</param>
/// <param name="Source">The request's resource.</param>
/// <param name="Destination">Where COPY and MOVE go to; null for the other methods.</param>
/// <param name="Depth">How far it reaches.</param>
/// <param name="Overwrite">Whether it may replace its destination.</param>
/// <param name="Variant">What else matters to a method: scope and owner of a LOCK. Often empty.</param>
internal sealed record OperationKey(
    string? User, string Method, DavPath Source, DavPath? Destination, Depth Depth, bool Overwrite, string Variant = "")
{
    /// <summary>All of it as one text: equal for the same requests, at whatever server.</summary>
    public string Text => $"{User}\n{Method}\n{Source}\n{Destination}\n{Depth}\n{Overwrite}\n{Variant}";
}
