using System.Globalization;

namespace WebDav.State.Shared;

/// <summary>
/// This server's place among those that share a directory: a row of the table <c>server</c>, and a staging directory of the same name.
/// Whoever loses it, because it gave no sign of life for too long, goes on under a new name: nothing that was begun under the old one
/// can be finished.
/// </summary>
internal sealed class Seat
{
    /// <summary>The name; nobody else has or had it.</summary>
    public string Name { get; private set; } = NewName();

    /// <summary>Takes a new one.</summary>
    public void Renew() => Name = NewName();

    private static string NewName() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
}
