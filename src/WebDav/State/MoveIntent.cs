using WebDav.Protocol;

namespace WebDav.State;

/// <summary>A move that was begun and not confirmed as done.</summary>
/// <param name="Id">Stands for it.</param>
/// <param name="Source">Where the resource was.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="Identity">What tells the resource from another of its name: who settles the intent compares it with what is there.</param>
/// <param name="Replaced">Tells what stood at the destination, where it may have to be removed from the source's name; else null.</param>
/// <param name="Created">When it was begun, UTC.</param>
internal sealed record MoveIntent(Guid Id, DavPath Source, DavPath Destination, string Identity, string? Replaced, DateTimeOffset Created);
