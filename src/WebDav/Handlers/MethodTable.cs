using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>Every method that is answered, and by whom.</summary>
internal sealed class MethodTable(
    OptionsHandler options,
    GetHandler get,
    PutHandler put,
    PatchHandler patch,
    DeleteHandler delete,
    MkcolHandler mkcol,
    CopyHandler copy,
    MoveHandler move,
    PropFindHandler propFind,
    PropPatchHandler propPatch,
    LockHandler @lock,
    UnlockHandler unlock)
{
    private readonly Dictionary<string, MethodRow> _rows = new MethodRow[]
    {
        new("OPTIONS", options) { IsConditional = false },
        new("GET", get) { NeedsResource = true },
        new("HEAD", get) { NeedsResource = true },
        new("PUT", put) { Writes = true, Body = BodyRule.Content, TakesLockToken = true },
        new("PATCH", patch) { Writes = true, NeedsResource = true, Body = BodyRule.Content },
        new("DELETE", delete) { Writes = true, NeedsResource = true, Depths = [Depth.Infinity, Depth.Zero, Depth.One] },
        new("MKCOL", mkcol) { Writes = true, Body = BodyRule.Xml },
        new("COPY", copy)
        {
            Writes = true, OnlyReadsTarget = true, NeedsResource = true, HasDestination = true, Depths = [Depth.Infinity, Depth.Zero],
        },
        new("MOVE", move) { Writes = true, NeedsResource = true, HasDestination = true, Depths = [Depth.Infinity, Depth.Zero, Depth.One] },
        new("PROPFIND", propFind)
        {
            NeedsResource = true, IsConditional = false, Body = BodyRule.Xml, Depths = [Depth.Infinity, Depth.One, Depth.Zero],
        },
        new("PROPPATCH", propPatch) { Writes = true, NeedsResource = true, Body = BodyRule.Xml },
        new("LOCK", @lock) { Writes = true, Body = BodyRule.Xml, Depths = [Depth.Infinity, Depth.Zero, Depth.One] },
        new("UNLOCK", unlock) { Writes = true },
        new("POST", new UnsupportedHandler()) { Body = BodyRule.Content },
        new("TRACE", new UnsupportedHandler()),
    }.ToDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>The row of a method, or null where it is not answered.</summary>
    public MethodRow? Find(string method) => _rows.GetValueOrDefault(method);

    /// <summary>What a method that is not answered gets (RFC 9110 15.6.2).</summary>
    public static DavFault Refuse(string method) => new(501, $"the method '{method}' is not known");

    /// <summary>The methods that a resource has (RFC 9110 10.2.1), as Allow carries them.</summary>
    /// <param name="target">The resource; null where none is.</param>
    public static string Allow(Entry? target) => target switch
    {
        null => "OPTIONS, PUT, MKCOL, LOCK, UNLOCK",
        { IsCollection: true } => "OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK",
        _ => "OPTIONS, GET, HEAD, PUT, PATCH, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK",
    };

    /// <summary>All methods, for <c>OPTIONS *</c>.</summary>
    public const string AllowAnywhere = "OPTIONS, GET, HEAD, PUT, PATCH, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK";
}
