namespace WebDav.Storage;

/// <summary>What can be changed of a resource beside its content and its name; what is null stays as it is.</summary>
/// <param name="Modified">When it was last modified, UTC.</param>
/// <param name="Accessed">When it was last read, UTC.</param>
/// <param name="ReadOnly">Whether a file is for reading only.</param>
public sealed record EntryChange(DateTimeOffset? Modified = null, DateTimeOffset? Accessed = null, bool? ReadOnly = null)
{
    /// <summary>Nothing changes.</summary>
    public static EntryChange None { get; } = new();

    /// <summary>Whether nothing changes.</summary>
    public bool IsEmpty => this == None;

    /// <summary>Both changes, of which the later one counts where they say different things.</summary>
    public EntryChange Then(EntryChange later) =>
        new(later.Modified ?? Modified, later.Accessed ?? Accessed, later.ReadOnly ?? ReadOnly);
}
