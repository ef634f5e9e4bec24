namespace WebDav.Handlers;

/// <summary>When the 207 of a deep PROPFIND leaves (setting <c>WebDav:PropFindAnswer</c>).</summary>
public enum PropFindAnswer
{
    /// <summary>While the tree is walked, from its first entry on.</summary>
    Streamed,

    /// <summary>When the walk is done, with 102s until then.</summary>
    Held,
}
