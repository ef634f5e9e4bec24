namespace WebDavServer.Tests.Reliability;

/// <summary>A request of the fault table. Its source is <c>a</c> or a file in it, its destination <c>b</c>, of a directory of the cell's own.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Method">The method.</param>
/// <param name="Source">What the request names, below the cell.</param>
/// <param name="Destination">Where COPY and MOVE go to, below the cell.</param>
/// <param name="Replaces">Whether something stands there already.</param>
/// <param name="Across">Whether the destination cannot be reached by a rename.</param>
/// <param name="Chunked">Whether the body is sent in chunks, so that its end is not known before it is there.</param>
internal sealed record FaultScenario(
    string Name, string Method, string Source, string? Destination = null, bool Replaces = false, bool Across = false, bool Chunked = false)
{
    /// <summary>What a PUT sends.</summary>
    public const string NewContent = "new content";

    /// <summary>All of them, by their names.</summary>
    public static IReadOnlyDictionary<string, FaultScenario> All { get; } = new FaultScenario[]
    {
        new("COPY of a tree", "COPY", "a", "b"),
        new("COPY of a tree over another", "COPY", "a", "b", Replaces: true),
        new("COPY of a file", "COPY", "a/one", "b"),
        new("COPY of a file over a tree", "COPY", "a/one", "b", Replaces: true),
        new("MOVE of a tree", "MOVE", "a", "b"),
        new("MOVE of a tree over another", "MOVE", "a", "b", Replaces: true),
        new("MOVE of a tree to another file system", "MOVE", "a", "b", Across: true),
        new("MOVE of a tree to another file system over another", "MOVE", "a", "b", Replaces: true, Across: true),
        new("DELETE of a tree", "DELETE", "a"),
        new("DELETE of a file", "DELETE", "a/one"),
        new("PUT of a new file", "PUT", "new"),
        new("PUT over a file", "PUT", "a/one", Replaces: true),
        new("PUT of a new file in chunks", "PUT", "new", Chunked: true),
        new("PUT over a file in chunks", "PUT", "a/one", Replaces: true, Chunked: true),
    }.ToDictionary(scenario => scenario.Name, StringComparer.Ordinal);

    /// <summary>What the method says when all was done.</summary>
    public int Success => Method == "DELETE" || Replaces ? 204 : 201;

    /// <summary>Whether it leaves nothing at its source.</summary>
    public bool Empties => Method is "MOVE" or "DELETE";
}
