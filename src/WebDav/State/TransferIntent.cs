using WebDav.Protocol;

namespace WebDav.State;

/// <summary>A move or copy that was begun and not confirmed as done.</summary>
/// <param name="Id">Stands for it.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Source">Where the resource was, or is copied from.</param>
/// <param name="Destination">Where it, or its copy, goes.</param>
/// <param name="Identity">What tells that from another of the destination's name: who settles the intent compares it with what is there.</param>
/// <param name="Replaced">Tells what stood at the destination, where it may have to be removed from the source's name; else null.</param>
/// <param name="Created">When it was begun, UTC.</param>
internal sealed record TransferIntent(
    Guid Id, TransferKind Kind, DavPath Source, DavPath Destination, string Identity, string? Replaced, DateTimeOffset Created);
