using Microsoft.AspNetCore.Http;
using WebDav.Preconditions;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>All that a handler may know of a request, parsed once by <see cref="DavRequestReader"/>.</summary>
internal sealed record DavRequest
{
    private readonly List<Action<bool>> _whenAnswered = [];

    /// <summary>The row of its method.</summary>
    public required MethodRow Method { get; init; }

    /// <summary>The resource it names.</summary>
    public required DavPath Path { get; init; }

    /// <summary>Whether its URL ended in a slash, as those of collections do.</summary>
    public bool TrailingSlash { get; init; }

    /// <summary>Whether its query is <c>?zip</c>; no other means anything here.</summary>
    public bool AsZip { get; init; }

    /// <summary>What it was addressed to.</summary>
    public required RequestAuthority Authority { get; init; }

    /// <summary>Who made it.</summary>
    public required DavUser User { get; init; }

    /// <summary>Depth; infinity where the field was absent and the method gives it a meaning (RFC 4918 9.1, 9.8.3, 9.10.3).</summary>
    public Depth Depth { get; init; } = Depth.Infinity;

    /// <summary>Where COPY and MOVE go to; null for the other methods.</summary>
    public Destination? Destination { get; init; }

    /// <summary>Whether COPY and MOVE may replace what is there (RFC 4918 10.6).</summary>
    public bool Overwrite { get; init; } = true;

    /// <summary>If-Match and its kin; none for methods to which they say nothing.</summary>
    public ConditionalHeaders Conditions { get; init; } = ConditionalHeaders.None;

    /// <summary>The If header (RFC 4918 10.4).</summary>
    public IfHeader? If { get; init; }

    /// <summary>How its URLs name resources.</summary>
    public UrlSpace Urls => Authority.Urls;

    /// <summary>What the client would prefer (RFC 7240).</summary>
    public Preferences Prefer { get; init; } = Preferences.None;

    /// <summary>The other header fields, for the methods that have some of their own.</summary>
    public required IHeaderDictionary Headers { get; init; }

    /// <summary>The body; empty for methods that have none.</summary>
    public required RequestBody Body { get; init; }

    /// <summary>Awaits long work with interim responses to this request.</summary>
    public required RequestKeepAlive KeepAlive { get; init; }

    /// <summary>The request as the gate sees it.</summary>
    public GateRequest Gate => new(
        Path, User.Name, User.Access, Authority, Conditions, If, Reads: Method.Name is "GET" or "HEAD", Method.NeedsResource);

    /// <summary>Whether anybody has asked to be told.</summary>
    public bool WantsToKnow => _whenAnswered.Count > 0;

    /// <summary>Asks to be told, when all is over, whether the response went out or the client had gone away.</summary>
    public void WhenAnswered(Action<bool> tell) => _whenAnswered.Add(tell);

    /// <summary>Says whether the response went out.</summary>
    public void Answered(bool wentOut)
    {
        _whenAnswered.ForEach(tell => tell(wentOut));
        _whenAnswered.Clear();
    }
}
