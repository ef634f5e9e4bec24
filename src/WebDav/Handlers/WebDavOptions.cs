namespace WebDav.Handlers;

/// <summary>How the protocol is served (section <c>WebDav</c> of the settings; where it is served from is the store's).</summary>
public sealed record WebDavOptions
{
    /// <summary>URL prefix, encoded, with a leading and without a trailing slash; empty for none. <c>WebDav:PathBase</c></summary>
    public string PathBase { get; init; } = "";

    /// <summary>Other origins whose pages may change things; <c>*</c> for all. <c>WebDav:CorsOrigins</c>, which the host answers preflights by.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Further names that clients know the server by, with a port or for any port. <c>WebDav:HostNames</c></summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Refuse every write with 403. <c>WebDav:ReadOnly</c></summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether PROPFIND with Depth infinity is answered. <c>WebDav:DeepPropFind</c></summary>
    public DeepPropFind DeepPropFind { get; init; }

    /// <summary>When the 207 of a deep PROPFIND leaves. <c>WebDav:PropFindAnswer</c></summary>
    public PropFindAnswer PropFindAnswer { get; init; }

    /// <summary>Where an answer that is held back is kept until it is whole; an absolute directory.</summary>
    public string SpoolDirectory { get; init; } = Path.GetTempPath();
}
